import hi from "scope:hi";
