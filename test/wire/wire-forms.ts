/** What a version holds, whatever a platform calls it. */
export interface WireVersion {
  /** Of the prompt. */
  readonly name: string;
  readonly number: number;
  readonly kind?: Kind;
}

/** The variables of every prompt here. */
export const VALUES = { name: "Ada", app: "Looms" };

const system = (number: number) => `Answer as {{app}}, edition ${number}.`;
const HUMAN = "I am {{name}}.";
const roles = (number: number) => [
  { role: "SYSTEM", content: system(number) },
  { role: "HUMAN", content: HUMAN },
];

/** `content` of a text prompt, and of a chat in each shape that is accepted; the roles are those of Scope's own page. */
const CONTENTS = {
  text: (number: number) => `Dear {{name}}, {{app}} greets you, edition ${number}.`,
  "chat-roles": roles,
  "chat-types": (number: number) => [
    { type: "SYSTEM", text: system(number) },
    { type: "HUMAN", text: HUMAN },
  ],
  "chat-json": (number: number) => JSON.stringify(roles(number)),
  "chat-messages": (number: number) => ({ messages: roles(number) }),
};

/** What is committed of a chat, whatever its shape was: its roles as they are stored on the platform. */
export const STORED_MESSAGES = [
  { role: "SYSTEM", content: [system(3)] },
  { role: "HUMAN", content: [HUMAN] },
];

export type Kind = keyof typeof CONTENTS;
export const KINDS = Object.keys(CONTENTS) as readonly Kind[];

/** Each version's own, as the platform gives them. */
export function versionId({ name, number }: WireVersion): string {
  return `v_${name}_${number}`;
}

/** What both of the official SDKs and the documentation agree on. */
function common({ name, number, kind = "text" }: WireVersion) {
  return {
    prompt_id: `pmt_${name}`,
    content: CONTENTS[kind](number),
    variables: ["name", "app"],
    status: "published",
    ...(kind === "text" ? {} : { prompt_type: "chat" }),
    created_at: "2026-03-02T09:00:00Z",
  };
}

function documented(version: WireVersion) {
  return {
    prompt_type: "text",
    ...common(version),
    version_id: versionId(version),
    version: version.number,
    name: version.name,
    is_production: true,
    metadata: { model: "small" },
    tags: ["letters"],
    updated_at: "2026-03-02T10:00:00Z",
    promoted_at: "2026-03-02T10:00:00Z",
    promoted_by: "usr_7",
  };
}

function python(version: WireVersion) {
  return {
    ...common(version),
    id: versionId(version),
    version_number: version.number,
    is_production: true,
    updated_at: "2026-03-02T10:00:00Z",
  };
}

function ruby(version: WireVersion) {
  return {
    prompt_type: "text",
    ...common(version),
    version_id: versionId(version),
    version: version.number,
    name: "A title",
    tags: [],
    metadata: { model: "small" },
    created_by: "user_8",
    promoted_at: "2026-03-02T10:00:00Z",
    promoted_by: "user_9",
  };
}

/** The body of a version as the documentation writes it, as the tests of each official SDK do, and in both spellings. */
export const FORMS = {
  documented,
  python,
  ruby,
  both: (version: WireVersion) => ({ ...python(version), ...documented(version) }),
};

export type Form = keyof typeof FORMS;
export const FORM_NAMES = Object.keys(FORMS) as readonly Form[];

/** What a module or the client shows of a version of one of these forms. */
export interface Shown {
  readonly rendered: unknown;
  readonly versionId: string;
  readonly versionNumber: number;
  readonly metadata: object;
}

/** What has to be shown of a version. */
export function shown(version: WireVersion, metadata: object): Shown {
  const { number, kind = "text" } = version;
  return {
    rendered:
      kind === "text"
        ? `Dear Ada, Looms greets you, edition ${number}.`
        : [
            { role: "system", content: `Answer as Looms, edition ${number}.` },
            { role: "user", content: "I am Ada." },
          ],
    versionId: versionId(version),
    versionNumber: number,
    metadata,
  };
}
