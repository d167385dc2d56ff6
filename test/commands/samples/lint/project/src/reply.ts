import reply from "scope:reply";
export const one = (text: string) => reply({ tone: "formal", text });
