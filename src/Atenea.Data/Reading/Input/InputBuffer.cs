namespace Atenea.Data;

/// <summary>
/// The bytes of an input that are read but not yet used, in a buffer that grows with the longest piece that is used at once.
/// </summary>
internal sealed class InputBuffer(Utf8Input input)
{
    /// <summary>What is used at once is not longer, so that a file without line ends does not fill the memory.</summary>
    public const int MostBytes = 1 << 27;

    private byte[] _bytes = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>The bytes that are held.</summary>
    public ReadOnlySpan<byte> Held => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Whether the input has no more bytes than those that are held.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>Whether 128 MB are held, so that no more can be read before some are used.</summary>
    public bool IsFull => _start == 0 && _end == _bytes.Length && _bytes.Length >= MostBytes;

    /// <summary>Marks the first bytes as used.</summary>
    public void Use(int count) => _start += count;

    /// <summary>Reads more bytes behind those that are held.</summary>
    /// <returns>False at the input's end.</returns>
    public bool Fill()
    {
        if (AtEnd) return false;
        if (_start > 0)
        {
            Held.CopyTo(_bytes);
            _end -= _start;
            _start = 0;
        }
        else if (_end == _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        int read = input.Read(_bytes, _end, _bytes.Length - _end);
        _end += read;
        AtEnd = read == 0;
        return !AtEnd;
    }
}
