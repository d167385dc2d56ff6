import { expect, it } from "vitest";
import { ApiError, AuthorizationError, ConflictError } from "../../src/client/index.ts";
import { failure, setup } from "./client-setup.ts";
import { answers } from "./faulty-platform.ts";

it.each([
  [400, ApiError, "request_refused"],
  [403, AuthorizationError, "access_denied"],
  [409, ConflictError, "request_conflict"],
  [422, ApiError, "request_refused"],
] as const)(
  "%i is an error class and code of its own, with the real status and the server's code",
  async (status, errorClass, code) => {
    const { platform, client } = await setup();
    platform.prompt = answers(status, { error: { code: "theirs", message: "Because." } });
    const error = await failure(client.getPromptVersion("greeting"));
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ name: errorClass.name, code, httpStatus: status, errorCode: "theirs" });
    expect(error.message).toContain("Because.");
  },
);
