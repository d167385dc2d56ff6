import a from "scope:greeting?label=latest";
import t from "scope:Support/Triage";
