import reply from "scope:reply";
export const two = (text: string) => reply({ tone: "formal", text });
