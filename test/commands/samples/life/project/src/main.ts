import hi from "scope:hi";
console.log(hi({ name: "Ada" }));
