using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// A safetensors file, mapped into memory and checked when it is opened: once open, every tensor's shape, type and bytes are known to fit.
/// Reading is thread-safe until <see cref="Dispose"/>; spans and pointers that were handed out end with it.
/// Format: https://github.com/huggingface/safetensors (8 bytes header length, JSON header, data).
/// </summary>
/// <example><code>
/// using var file = SafeTensorsFile.Open("model.safetensors");
/// float[] weights = file.ReadFloats("embeddings.word_embeddings.weight");
/// </code></example>
public sealed unsafe class SafeTensorsFile : ITensorSource
{
    private const int LengthBytes = 8;

    private readonly MappedFile _file;
    private readonly Dictionary<string, SafeTensorInfo> _tensors;
    private readonly Dictionary<string, string> _metadata;

    private SafeTensorsFile(MappedFile file)
    {
        _file = file;
        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(file.Bytes(0, LengthBytes));
        int headerLength = CheckHeaderLength(Path, claimed, file.Length);
        long dataStart = LengthBytes + headerLength;
        _tensors = SafeTensorsHeader.Parse(Path, file.Bytes(LengthBytes, headerLength), dataStart, file.Length - dataStart, out _metadata);
    }

    /// <summary>The file's path as it was given.</summary>
    public string Path => _file.Path;

    /// <summary>The tensors by name, in the order of their bytes.</summary>
    public IReadOnlyDictionary<string, SafeTensorInfo> Tensors => _tensors;

    /// <inheritdoc/>
    IReadOnlyCollection<TensorInfo> ITensorSource.Contents => _tensors.Values;

    /// <summary>The header's metadata; empty if it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Opens and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AteneaException">
    /// The file is missing, unreadable, truncated or malformed (ATN0401, ATN0402, ATN0404 to ATN0407).
    /// </exception>
    public static SafeTensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            if (file.Length < LengthBytes)
            {
                throw new AteneaException(Catalogue.SafeTensorsTruncated,
                    $"{file.Length} bytes, not even the {LengthBytes} of the header's length", path);
            }

            return new SafeTensorsFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A tensor's entry.</summary>
    /// <exception cref="AteneaException">There is no such tensor (ATN0408).</exception>
    public SafeTensorInfo Info(string name) => _tensors.TryGetValue(name, out SafeTensorInfo? info)
        ? info
        : throw new AteneaException(Catalogue.TensorMissing, $"'{name}'", Path, Suggestion.DidYouMean(name, _tensors.Keys));

    /// <summary>A tensor's stored bytes. Valid until the file is disposed.</summary>
    /// <exception cref="AteneaException">
    /// There is no such tensor, or it is larger than a span (2 GB); use <see cref="Pointer"/> then.
    /// </exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        SafeTensorInfo info = Info(name);
        if (info.ByteCount > int.MaxValue)
        {
            throw new AteneaException(Catalogue.StorageTypeUnsupported, $"{info.ByteCount} bytes do not fit one span",
                Place(name), "read it through a pointer");
        }

        return new ReadOnlySpan<byte>(Pointer(name), (int)info.ByteCount);
    }

    /// <summary>Address of a tensor's first byte, not aligned in general. Valid until the file is disposed.</summary>
    public byte* Pointer(string name) => _file.Start + Info(name).Offset;

    /// <summary>Copies a tensor as single precision: F16 and BF16 are widened exactly, F64 is rounded to nearest.</summary>
    /// <param name="name">The tensor.</param>
    /// <param name="destination">As many elements as the tensor has.</param>
    /// <exception cref="AteneaException">No such tensor, or not of a float type (ATN0408, ATN0407).</exception>
    public void CopyTo(string name, Span<float> destination)
    {
        fixed (float* pointer = destination) CopyTo(name, pointer, destination.Length);
    }

    /// <inheritdoc cref="CopyTo(string, Span{float})"/>
    /// <param name="name">The tensor.</param>
    /// <param name="destination">Room for <paramref name="count"/> elements.</param>
    /// <param name="count">The tensor's number of elements; anything else is refused.</param>
    public void CopyTo(string name, float* destination, long count)
    {
        SafeTensorInfo info = Info(name);
        if (!info.Type.IsFloat())
            throw new AteneaException(Catalogue.StorageTypeUnsupported, $"{info} cannot be read as float", Place(name));
        if (count != info.ElementCount)
            throw new ArgumentException($"{Place(name)} has {info.ElementCount} elements, the destination {count}", nameof(count));
        FloatConversion.ToSingle(info.Type, Pointer(name), destination, count);
    }

    /// <summary>Reads a float tensor (F16, BF16, F32, F64) as single precision, row by row.</summary>
    /// <exception cref="AteneaException">No such tensor, or not of a float type (ATN0408, ATN0407).</exception>
    public float[] ReadFloats(string name)
    {
        var result = new float[Info(name).ElementCount];
        CopyTo(name, result);
        return result;
    }

    /// <summary>Reads a tensor of booleans or whole numbers of any width.</summary>
    /// <exception cref="AteneaException">
    /// No such tensor, not of an integer type, or a U64 value above 2^63-1 (ATN0408, ATN0407).
    /// </exception>
    public long[] ReadInt64(string name)
    {
        SafeTensorInfo info = Info(name);
        if (!info.Type.IsInteger())
            throw new AteneaException(Catalogue.StorageTypeUnsupported, $"{info} cannot be read as whole numbers", Place(name));
        byte* source = Pointer(name);
        var result = new long[info.ElementCount];
        for (long i = 0; i < result.LongLength; i++)
        {
            result[i] = info.Type switch
            {
                StorageType.Bool or StorageType.U8 => source[i],
                StorageType.I8 => (sbyte)source[i],
                StorageType.I16 => Unsafe.ReadUnaligned<short>(source + (i * 2)),
                StorageType.U16 => Unsafe.ReadUnaligned<ushort>(source + (i * 2)),
                StorageType.I32 => Unsafe.ReadUnaligned<int>(source + (i * 4)),
                StorageType.U32 => Unsafe.ReadUnaligned<uint>(source + (i * 4)),
                StorageType.U64 when (source[(i * 8) + 7] & 0x80) != 0 => throw new AteneaException(Catalogue.StorageTypeUnsupported,
                    $"element {i} is {Unsafe.ReadUnaligned<ulong>(source + (i * 8))}, above 2^63-1", Place(name)),
                _ => Unsafe.ReadUnaligned<long>(source + (i * 8)),
            };
        }

        return result;
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => _file.Dispose();

    private static int CheckHeaderLength(string path, ulong claimed, long fileLength)
    {
        // "version " as a number: the first 8 bytes of a Git LFS pointer, the commonest wrong file under this name.
        if (claimed == 0x206e6f6973726576)
        {
            throw new AteneaException(Catalogue.SafeTensorsHeaderMalformed, "this is a Git LFS pointer, not the weights", path,
                "fetch the real file with `git lfs pull`");
        }

        if (claimed > SafeTensorsHeader.MaxLength)
        {
            throw new AteneaException(Catalogue.SafeTensorsHeaderMalformed,
                $"the header claims {claimed} bytes, above the format's bound of {SafeTensorsHeader.MaxLength}", path);
        }

        if (claimed > (ulong)(fileLength - LengthBytes))
        {
            throw new AteneaException(Catalogue.SafeTensorsTruncated,
                $"the header needs {claimed} bytes, but {fileLength - LengthBytes} follow its length", path);
        }

        return (int)claimed;
    }

    private string Place(string name) => $"{Path}: {name}";
}
