import Anthropic from "@anthropic-ai/sdk";
import { pipeline } from "@huggingface/transformers";

const listen = await pipeline("automatic-speech-recognition", "Xenova/whisper-base");
const client = new Anthropic();

export async function assist(sound) {
  const heard = await listen(sound);
  return client.messages.create({ model: "claude-sonnet-4-20250514", max_tokens: 300, messages: [{ role: "user", content: heard.text }] });
}
