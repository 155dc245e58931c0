// Which words sell better? Each browser sees the same ones every time.
import { memory } from "./memory.js";

export const EXPERIMENT = "buy_button_words";
const words = { plain: "Add to cart", warm: "Bring it home" };

export function wordsOfButton() {
  let variant = memory.get(EXPERIMENT);
  if (!words[variant]) {
    variant = Math.random() < 0.5 ? "plain" : "warm";
    memory.set(EXPERIMENT, variant);
  }
  return { variant, text: words[variant] };
}
