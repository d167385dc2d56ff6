import a from "scope:greeting";
import c from "scope:triage";
