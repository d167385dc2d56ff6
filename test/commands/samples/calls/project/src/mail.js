import greeting, { metadata } from "scope:greeting";
export const mail = (user) => greeting({ name: user.name });
export const model = metadata.model.toUpperCase();
