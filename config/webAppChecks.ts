import { record } from "./folders";
import { flowImageOf } from "./imageChecks";
import type { Problem } from "./problem";
import type { FlowSettings } from "./settings";
import type { DataPath } from "./source";
import type { StackText } from "./stackFile";
import { at, unknownName } from "./stackProblem";
import {
  MAX_SLOT_NAME,
  MOST_INSTANCES,
  RESERVED_SLOTS,
  tierOf,
  ZONE_INSTANCES,
} from "./webAppSettings";
import { MAX_ARMS } from "./weights";

/** What a Web App needs, and what it cannot name. */
export function webAppProblems(text: StackText, under: DataPath, flow: FlowSettings): Problem[] {
  const arms = Object.keys(flow.arms);
  const { sku, production } = flow.webApp;
  const { slots } = tierOf(sku);
  const long = arms.filter((arm) => arm.length > MAX_SLOT_NAME);
  return [
    ...promotedProblems(text, under, flow),
    ...(text.settings.webApp === undefined
      ? [
          at(
            text,
            [...under, "target"],
            `the flow ${String(under.at(-1))} runs on a Web App and the stack says nobody who may call it`,
            "an Entra registration, whose tokens every Web App asks for",
            "add webApp: { clientId: <application id> }",
          ),
        ]
      : []),
    // More than any tier has is said of every target: config/weights.ts.
    ...(arms.length > slots && arms.length <= MAX_ARMS
      ? [
          at(
            text,
            [...under, "arms"],
            `${arms.length} arms on a plan of size ${sku}`,
            `${slots} slots, each for one arm`,
            "remove arms, or choose a Premium size in webApp.sku",
            "key",
          ),
        ]
      : []),
    ...long.map((arm) =>
      at(
        text,
        [...under, "arms", arm],
        `the arm ${arm} has ${arm.length} characters`,
        `at most ${MAX_SLOT_NAME} on a Web App, whose slots are host names`,
        "shorten its name",
        "key",
      ),
    ),
    ...arms
      .filter((arm) => RESERVED_SLOTS.includes(arm))
      .map((arm) =>
        at(
          text,
          [...under, "arms", arm],
          `the arm ${arm} of a Web App`,
          `any name but ${RESERVED_SLOTS.join(" and ")}, by which App Service knows the app itself`,
          "rename it",
          "key",
        ),
      ),
    ...instanceProblems(text, under, flow),
    ...zoneProblems(text, under, flow),
    ...(production !== undefined && !arms.includes(production)
      ? [unknownName(text, [...under, "webApp", "production"], "arm", production, arms)]
      : []),
  ];
}

/** A container fetches models of its own workspace alone, so one of another environment stands in its image. */
function promotedProblems(text: StackText, under: DataPath, flow: FlowSettings): Problem[] {
  const { from } = record(text.settings.promotion);
  // Where that environment cannot be read, this is what is said.
  if (typeof from !== "string" || text.promotedImages === undefined) return [];
  const usual = record(text.settings.armDefaults).image;
  const name = String(under.at(-1));
  const fetching = Object.entries(flow.arms)
    .filter(([, { image = usual }]) => flowImageOf(text, image) === undefined)
    .map(([arm]) => arm);
  return fetching.length === 0
    ? []
    : [
        at(
          text,
          [...under, "target"],
          `the flow ${name} runs on a Web App and its versions come from ${from}`,
          `images that hold the flow, which those of ${fetching.join(", ")} do not; a Web App's container fetches models of this stack's workspace, not of a shared registry`,
          `let arms here and in ${from} run an image of ${from} with flow: ${name}, or choose managed or kubernetes`,
        ),
      ];
}

/** All arms run on the plan's instances. */
function instanceProblems(text: StackText, under: DataPath, flow: FlowSettings): Problem[] {
  const { sku } = flow.webApp;
  const { instances: most } = tierOf(sku);
  const usual = record(text.settings.armDefaults).instances;
  const asked: [DataPath, unknown][] = [
    ...Object.entries(flow.arms).map(([arm, { instances }]): [DataPath, unknown] =>
      instances === undefined
        ? [["armDefaults", "instances"], flow.scale ? undefined : usual]
        : [[...under, "arms", arm, "instances"], instances],
    ),
    [[...under, "scale", "max"], flow.scale?.max],
    ...(flow.scale?.schedule ?? []).map(({ max }, index): [DataPath, unknown] => [
      [...under, "scale", "schedule", index, "max"],
      max,
    ]),
  ];
  const once = new Map(asked.map(([place, count]) => [place.join("."), { place, count }]));
  return [...once.values()].flatMap(({ place, count }) =>
    typeof count === "number" && count > most
      ? [
          at(
            text,
            place,
            `${count} instances on a plan of size ${sku}`,
            `at most ${most}`,
            most < MOST_INSTANCES
              ? `lower it, or choose a Premium size in webApp.sku for up to ${MOST_INSTANCES}`
              : "lower it",
          ),
        ]
      : [],
  );
}

function zoneProblems(text: StackText, under: DataPath, { webApp, scale }: FlowSettings) {
  if (text.settings.zoneRedundant !== true) return [];
  const bounds = [
    { place: ["scale"], min: scale?.min },
    ...(scale?.schedule ?? []).map(({ min }, index) => ({
      place: ["scale", "schedule", index],
      min,
    })),
  ];
  return [
    ...(tierOf(webApp.sku).zones
      ? []
      : [
          at(
            text,
            [...under, "webApp", "sku"],
            `a plan of size ${webApp.sku} with zoneRedundant: true`,
            "plans of Premium sizes are spread over zones",
            "choose a Premium size or remove the line",
          ),
        ]),
    ...bounds.flatMap(({ place, min }) =>
      min === undefined || min >= ZONE_INSTANCES
        ? []
        : [
            at(
              text,
              [...under, ...place, "min"],
              `at least ${min} instance of a Web App with zoneRedundant: true`,
              `${ZONE_INSTANCES} or more; Azure runs no fewer over several zones`,
              `write ${ZONE_INSTANCES}`,
            ),
          ],
    ),
  ];
}
