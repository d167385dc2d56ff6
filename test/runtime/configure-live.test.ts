import { beforeEach, describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/errors/classes.ts";
import { configureLive, liveStatus, refreshLive } from "../../src/runtime/configure-live.ts";
import { type LiveConfiguration, liveRegistry } from "../../src/runtime/live-registry.ts";
import { forgetLiveState } from "./live/live-server.ts";

beforeEach(forgetLiveState);

describe("configureLive", () => {
  it("adds to earlier calls, and undefined resets an option", () => {
    configureLive({ interval: 5, baseUrl: "https://one.test" });
    configureLive({ interval: undefined, maxRequestsPerSecond: 2 });
    expect(liveRegistry().options).toStrictEqual({
      baseUrl: "https://one.test",
      maxRequestsPerSecond: 2,
    });
  });

  // biome-ignore format: one row a line
  it.each<[options: unknown, message: string, hint?: string]>([
    [undefined, "configureLive: its options must be an object"],
    [[], "configureLive: its options must be an object"],
    [{ interval: 0 }, "interval must be more than 0 and at most 86400 seconds"],
    [{ timeout: 30_000 }, "configureLive: timeout must be more than 0 and at most 600 seconds, but is 30000.", "It's in seconds: 30000 milliseconds are 30."],
    [{ retryMaxDelay: 601 }, "retryMaxDelay must be at least 0 and at most 600 seconds"],
    [{ maxBodyBytes: 1.5 }, "maxBodyBytes must be a whole number"],
    [{ environment: "a\nb" }, "environment can only contain letters"],
    [{ baseUrl: "platform.test" }, "baseUrl must be an https:// address"],
    [{ baseUrl: "https://me:secret-text@platform.test" }, "baseUrl must be an address without user"],
    [{ credentials: { apikey: "secret-text" } }, 'Unknown option "credentials.apikey"', 'Did you mean "apiKey"?'],
    [{ onError: "log" }, "onError must be a function"],
    [{ credentials: "secret-text" }, "credentials must be an object"],
    [{ allowInsecure: "yes" }, "allowInsecure must be true or false"],
    [{ intervall: 5 }, 'Unknown option "intervall"', 'Did you mean "interval"?'],
    [{ toString: 5 }, 'Unknown option "toString"'],
  ])("refuses %j", (options, message, hint) => {
    const call = () => configureLive(options as LiveConfiguration);
    expect(call).toThrow(ConfigurationError);
    expect(call).toThrow(message);
    expect(call).not.toThrow("secret-text");
    if (hint) expect(call).toThrow(expect.objectContaining({ hint }));
    expect(liveRegistry().options).toEqual({});
  });

  it("accepts zero where zero means something", () => {
    configureLive({ tokenRefreshBuffer: 0, retryMaxDelay: 0 });
    expect(liveRegistry().options).toEqual({ tokenRefreshBuffer: 0, retryMaxDelay: 0 });
  });
});

it("without a live prompt there is nothing to report and nothing to poll", async () => {
  expect(liveStatus()).toEqual([]);
  expect(await refreshLive()).toEqual([]);
  expect(await refreshLive("greeting")).toEqual([]);
});
