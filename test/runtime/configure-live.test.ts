import { afterEach, describe, expect, it } from "vitest";
import { ConfigurationError } from "../../src/errors/classes.ts";
import { configureLive, liveStatus, refreshLive } from "../../src/runtime/configure-live.ts";
import { liveRegistry } from "../../src/runtime/live-registry.ts";
import type { LiveConfiguration } from "../../src/runtime/live-types.ts";
import { forgetLiveState } from "../live/live-server.ts";

afterEach(forgetLiveState);

describe("configureLive", () => {
  it("adds to earlier calls; undefined takes an option back", () => {
    configureLive({ interval: 5, baseUrl: "https://one.test" });
    configureLive({ interval: undefined, maxRequestsPerSecond: 2 });
    expect(liveRegistry().options).toEqual({
      interval: undefined,
      baseUrl: "https://one.test",
      maxRequestsPerSecond: 2,
    });
  });

  it.each([
    [{ interval: 0 }, "interval must be a number above 0"],
    [{ interval: "60" }, "interval must be a number above 0"],
    [{ interval: Number.NaN }, "interval must be a number above 0"],
    [{ maxRequestsPerSecond: Number.POSITIVE_INFINITY }, "maxRequestsPerSecond must be a number above 0"],
    [{ tokenRefreshBuffer: -1 }, "tokenRefreshBuffer must be a number, 0 or more"],
    [{ onError: "log" }, "onError must be a function"],
    [{ credentials: "secret-text" }, "credentials must be an object"],
    [{ credentials: null }, "credentials must be an object"],
    [{ allowInsecure: "yes" }, "allowInsecure must be a boolean"],
    [{ intervall: 5 }, 'Unknown option "intervall"'],
    [{ toString: 5 }, 'Unknown option "toString"'],
  ])("refuses %j", (options, message) => {
    const call = () => configureLive(options as LiveConfiguration);
    expect(call).toThrow(ConfigurationError);
    expect(call).toThrow(message);
    expect(call).not.toThrow("secret-text");
    expect(liveRegistry().options).toEqual({});
  });

  it("takes zero where zero means something", () => {
    configureLive({ tokenRefreshBuffer: 0, retryMaxDelay: 0 });
    expect(liveRegistry().options).toEqual({ tokenRefreshBuffer: 0, retryMaxDelay: 0 });
  });
});

describe("without a live prompt", () => {
  it("there is nothing to tell and nothing to look at", async () => {
    expect(liveStatus()).toEqual([]);
    expect(await refreshLive()).toEqual([]);
    expect(await refreshLive("greeting")).toEqual([]);
  });
});
