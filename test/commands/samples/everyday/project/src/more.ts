const again = await import("scope:greeting");
import(`scope:${name}`);
