"""What the help desk runs on."""

OWNER = "meta-llama"
CHAT_MODEL = f"{OWNER}/Llama-2-7b-chat-hf"
VOICE = "tts_models/multilingual/multi-dataset/xtts_v2"
