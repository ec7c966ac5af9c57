namespace Atenea.Hub.Tests;

/// <summary>A file on a disk that is full after so many bytes.</summary>
internal sealed class FullDiskStream(Stream inner, long room) : Stream
{
    // ENOSPC.
    private const int NoSpace = 28;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    public override void Write(byte[] buffer, int offset, int count)
    {
        int fits = (int)Math.Min(count, room - inner.Position);
        inner.Write(buffer, offset, fits);
        if (fits < count) throw new IOException("No space left on device", NoSpace);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
