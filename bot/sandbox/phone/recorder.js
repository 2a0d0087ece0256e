// The browser's microphone and camera, as one recording at a time.

const TYPES = {
  voice: ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"],
  video_note: [
    "video/mp4;codecs=avc1.42E01E,mp4a.40.2",
    "video/webm;codecs=vp8,opus",
    "video/mp4",
    "video/webm",
  ],
};
const ASK = {
  voice: { audio: { echoCancellation: true, noiseSuppression: true } },
  video_note: {
    audio: true,
    video: { width: 384, height: 384, aspectRatio: 1, facingMode: "user" },
  },
};
const EXTENSIONS = {
  "audio/ogg": "ogg",
  "audio/webm": "webm",
  "audio/mp4": "m4a",
  "video/mp4": "mp4",
  "video/webm": "webm",
};

/** Why nothing can be recorded: reason is "refused", "absent" or "unsupported". */
export class NoRecording extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

async function listen(kind) {
  // mediaDevices is missing on pages that are neither https nor on localhost.
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder)
    throw new NoRecording("unsupported");
  try {
    return await navigator.mediaDevices.getUserMedia(ASK[kind]);
  } catch (error) {
    throw new NoRecording(error.name === "NotAllowedError" ? "refused" : "absent");
  }
}

export const hasCamera = async () => {
  const devices = await navigator.mediaDevices?.enumerateDevices?.();
  return Boolean(devices?.some((device) => device.kind === "videoinput"));
};

class Recording {
  constructor(kind, stream) {
    const mimeType = TYPES[kind].find((type) => MediaRecorder.isTypeSupported(type));
    Object.assign(this, { kind, stream, chunks: [], startedAt: performance.now() });
    this.recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {});
    this.recorder.ondataavailable = ({ data }) => this.chunks.push(data);
    this.context = new AudioContext();
    this.meter = this.context.createAnalyser();
    this.meter.fftSize = 256;
    this.context.createMediaStreamSource(stream).connect(this.meter);
    this.samples = new Float32Array(this.meter.fftSize);
    this.recorder.start(1000); // in pieces of a second, so that a crash of the encoder keeps the rest
  }

  get seconds() {
    return (performance.now() - this.startedAt) / 1000;
  }

  /** How loud it is now, 0 to 1. */
  level() {
    this.meter.getFloatTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, value) => sum + value * value, 0) / this.samples.length;
    return Math.min(1, Math.sqrt(power) * 4);
  }

  /** Ends it and resolves with what api.sendMedia takes. */
  async stop() {
    const seconds = Math.max(1, Math.round(this.seconds));
    const ended = new Promise((settle) =>
      this.recorder.addEventListener("stop", settle, { once: true }),
    );
    if (this.recorder.state !== "inactive") this.recorder.stop();
    else this.recorder.dispatchEvent(new Event("stop")); // it ended by itself, as when a cable is pulled
    await ended;
    this.release();
    const type = this.recorder.mimeType.split(";")[0];
    const name = `${this.kind === "voice" ? "voice" : "round"}.${EXTENSIONS[type] ?? "bin"}`;
    return { kind: this.kind, blob: new Blob(this.chunks, { type }), seconds, name };
  }

  cancel() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.release();
  }

  release() {
    this.stream.getTracks().forEach((track) => track.stop());
    this.context.close();
  }
}

/** kind: "voice" or "video_note". Throws NoRecording. */
export async function record(kind) {
  const stream = await listen(kind);
  try {
    return new Recording(kind, stream);
  } catch {
    stream.getTracks().forEach((track) => track.stop());
    throw new NoRecording("unsupported");
  }
}
