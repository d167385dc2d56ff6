import hi from "scope:hi";
import mail from "scope:letter";
