import b from "scope:b";
import c from "scope:Chat/c?label=latest";
