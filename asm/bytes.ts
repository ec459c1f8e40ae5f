/** Little-endian records: what the writer of ELF files and tables appends to, and a reader that never runs over. */

/** A growing byte string. */
export class ByteWriter {
  private buffer = new Uint8Array(1024);
  private view = new DataView(this.buffer.buffer);
  length = 0;

  u8(...values: number[]): this {
    for (const value of values) {
      const at = this.grow(1);
      this.view.setUint8(at, value);
    }
    return this;
  }

  u16(...values: number[]): this {
    for (const value of values) {
      const at = this.grow(2);
      this.view.setUint16(at, value, true);
    }
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) {
      const at = this.grow(4);
      this.view.setUint32(at, value, true);
    }
    return this;
  }

  bytes(bytes: Uint8Array): this {
    const at = this.grow(bytes.length);
    this.buffer.set(bytes, at);
    return this;
  }

  /** Zeros up to a multiple. */
  align(multiple: number): this {
    this.grow((multiple - (this.length % multiple)) % multiple);
    return this;
  }

  /** Length in bytes, UTF-8, zeros up to a multiple of 4. */
  text(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.u32(bytes.length).bytes(bytes).align(4);
  }

  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  private grow(count: number): number {
    const start = this.length;
    this.length += count;
    if (this.length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.buffer.length, this.length));
      larger.set(this.buffer);
      this.buffer = larger;
      this.view = new DataView(larger.buffer);
    }
    return start;
  }
}

/** The bytes end before what was announced. */
export class OutOfBytes extends Error {}

/** Reads records in order. Every read checks the end. */
export class ByteReader {
  private readonly view: DataView;
  private offset = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.view.byteLength - this.offset;
  }

  /** @throws OutOfBytes */
  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  /** @throws OutOfBytes */
  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  /** @throws OutOfBytes */
  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** @throws OutOfBytes */
  bytes(count: number): Uint8Array {
    const start = this.take(count);
    return new Uint8Array(this.view.buffer, this.view.byteOffset + start, count);
  }

  /** The reverse of `ByteWriter.text`. @throws OutOfBytes */
  text(): string {
    const length = this.u32();
    const text = new TextDecoder().decode(this.bytes(length));
    this.take((4 - (length % 4)) % 4);
    return text;
  }

  private take(count: number): number {
    if (count > this.remaining) throw new OutOfBytes();
    const start = this.offset;
    this.offset += count;
    return start;
  }
}
