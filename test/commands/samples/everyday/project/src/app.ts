import greeting from "scope:greeting";
import chat from "scope:support/triage?label=latest";
