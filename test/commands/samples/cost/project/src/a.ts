import a from "scope:greeting";
import b from "scope:sign";
