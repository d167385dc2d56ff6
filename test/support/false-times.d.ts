export function useFalseTimes(kind: "image" | "seconds" | "behind"): () => void;
