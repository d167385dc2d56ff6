import a from "scope:a";
