import greeting from "scope:greeting";
