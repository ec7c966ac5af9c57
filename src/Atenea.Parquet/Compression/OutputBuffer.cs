namespace Atenea.Parquet;

/// <summary>
/// The output of a decompressor whose ratio has no useful bound. It grows with what is really written, so that a page header that promises
/// gigabytes costs nothing, and never beyond what the header promises.
/// </summary>
/// <param name="bytes">A buffer to begin with.</param>
/// <param name="limit">The bytes that the page header promises.</param>
internal sealed class OutputBuffer(byte[] bytes, int limit)
{
    private const int SmallestGrowth = 4096;

    /// <summary>The buffer; it changes when it grows.</summary>
    public byte[] Bytes { get; private set; } = bytes;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that may still be written.</summary>
    public int Remaining => limit - Length;

    /// <summary>Makes room and returns it; <see cref="Advance"/> says how much of it was used.</summary>
    /// <param name="count">Bytes that are about to be written.</param>
    /// <exception cref="DamagedException">They are more than the page header promises.</exception>
    public Span<byte> Room(int count)
    {
        if (count > Remaining) throw DamagedException.Compression($"it holds more than the {limit} bytes that its header says");
        if (Length + count > Bytes.Length)
        {
            long target = Math.Max(Math.Max(SmallestGrowth, Length + count), 2L * Bytes.Length);
            byte[] larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(target, limit));
            Bytes.AsSpan(0, Length).CopyTo(larger);
            Bytes = larger;
        }

        return Bytes.AsSpan(Length, count);
    }

    /// <summary>Counts bytes that were written into <see cref="Room"/>.</summary>
    public void Advance(int count) => Length += count;
}
