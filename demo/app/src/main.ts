import greeting from "scope:greeting-template";

console.log(greeting({ name: "Ada", product: "Looms" }));
