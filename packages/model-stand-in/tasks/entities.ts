import { sentences, tagged } from "../text";

const organisation =
  /\b(?:Institute|Council|University|Trust|Group|Works|Society|Bank|Agency|Museum|College|Hospital|Union|Company|Press|Foundation|Club|Railway|Theatre)\b/;
const place = /\b(?:Bay|Valley|Street|Harbour|Island|Hills?|Bridge|Square|Lake|Park|Forest|Road)$/;
const title = /^(?:Dr|Mr|Ms|Mrs|Professor|Captain|Sister|Judge)\.? /;
const jobs =
  /\b(?:(?:chief|head|senior|night|ship's|primary|structural|data|harbour|music|forest|veterinary|pastry|deputy|lead|marine|sound|town) )?(?:engineer|nurse|architect|teacher|baker|chef|surgeon|librarian|editor|pilot|biologist|electrician|gardener|conductor|ranger|mechanic|accountant|designer|midwife|carpenter|geologist|analyst|director|clerk|translator|master)\b/gi;
const openings = new Set(
  "The A An In At On For When After Before While Since This That They She He It Its Our Two Three Last Every Nobody Both Until As From With By But And Yesterday Today".split(
    " ",
  ),
);

/**
 * List what is asked for in the order of the text. Careless by default (titles stay on, repetitions too); an
 * instruction that forbids either is followed.
 */
export function entities(instruction: string, request: string): string {
  const type = (tagged(request, "entity_type") ?? "").toLowerCase();
  const text = tagged(request, "text") ?? "";
  const found = type.startsWith("job")
    ? [...text.matchAll(jobs)].map(([job]) => job)
    : capitalised(text).filter((name) => kind(name, text) === type);
  const plain = /without (?:their )?titles?/i.test(instruction)
    ? found.map((name) => name.replace(title, ""))
    : found;
  const listed = /\bonce\b/i.test(instruction) ? [...new Set(plain)] : plain;
  if (/comma/i.test(instruction)) {
    return listed.length === 0 ? "none" : listed.join(", ");
  }
  return listed.length === 0
    ? "I did not find any."
    : `I found these:\n${listed.map((name) => `- ${name}`).join("\n")}`;
}

/** Runs of capitalised words, `of` and `the` allowed inside, without the word that opens a sentence. */
function capitalised(text: string): string[] {
  return sentences(text).flatMap((sentence) =>
    [
      ...sentence.matchAll(
        /\b(?:Dr|Mr|Ms|Mrs)\.? [A-Z]\w+(?: [A-Z]\w+)*|[A-Z][\w'-]*(?: (?:of (?:the )?)?[A-Z][\w'-]*)*/g,
      ),
    ]
      .map(([run]) => withoutOpening(run))
      .filter((run) => run !== ""),
  );
}

function withoutOpening(run: string): string {
  const [first, ...rest] = run.split(" ");
  return openings.has(first!) ? rest.join(" ") : run;
}

function kind(name: string, text: string): string {
  if (organisation.test(name)) {
    return "organisation";
  }
  if (place.test(name) || new RegExp(`\\b(?:in|to|from|near|at|of) ${name}\\b`).test(text)) {
    return "place";
  }
  return title.test(name) || name.includes(" ") ? "person" : "other";
}
