// Says what it is asked, and is busy for one customer.
module.exports = class {
  id() {
    return "model-a";
  }
  async callApi(prompt) {
    return prompt.includes("Customer 9") && !prompt.includes("brief")
      ? { error: "The provider is busy." }
      : { output: prompt };
  }
};
