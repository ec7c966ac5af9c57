using System.Buffers.Binary;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// A safetensors file, checked when it is opened: once open, every tensor's shape, type and bytes are known to fit. Tensors are read when
/// they are asked for. Reading is thread-safe until <see cref="Dispose"/>.
/// Format: https://github.com/huggingface/safetensors (8 bytes header length, JSON header, data).
/// </summary>
/// <example><code>
/// using var file = SafeTensorsFile.Open("model.safetensors");
/// float[] weights = file.ReadFloats("embeddings.word_embeddings.weight");
/// </code></example>
public sealed class SafeTensorsFile : ITensorSource
{
    private const int LengthBytes = 8;

    private readonly BinaryFile _file;
    private readonly Dictionary<string, SafeTensorInfo> _tensors;
    private readonly Dictionary<string, string> _metadata;

    private SafeTensorsFile(BinaryFile file)
    {
        _file = file;
        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(file.ReadBytes(0, LengthBytes));
        int headerLength = CheckHeaderLength(Path, claimed, file.Length);
        long dataStart = LengthBytes + headerLength;
        _tensors =
            SafeTensorsHeader.Parse(Path, file.ReadBytes(LengthBytes, headerLength), dataStart, file.Length - dataStart, out _metadata);
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
        BinaryFile file = BinaryFile.Open(path);
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
    public SafeTensorInfo Info(string name) => _tensors.Find(name, Path);

    /// <inheritdoc/>
    TensorInfo ITensorSource.Info(string name) => Info(name);

    /// <inheritdoc/>
    public void CopyTo(string name, long start, Span<float> destination)
    {
        SafeTensorInfo info = Info(name);
        TensorSources.CheckFloats(info, Path, start, destination.Length);
        _file.ReadFloats(info.Type, info.Offset + (start * info.Type.Bits() / 8), destination);
    }

    /// <summary>Reads a tensor's stored bytes, of whatever type.</summary>
    /// <exception cref="AteneaException">
    /// There is no such tensor (ATN0408), it is larger than an array (2 GB, ATN0407), or it cannot be read (ATN0402).
    /// </exception>
    public byte[] ReadBytes(string name)
    {
        SafeTensorInfo info = Info(name);
        if (info.ByteCount > Array.MaxLength)
        {
            throw new AteneaException(Catalogue.StorageTypeUnsupported, $"{info.ByteCount} bytes do not fit one array",
                Place(name), "read it part by part as floats");
        }

        return _file.ReadBytes(info.Offset, (int)info.ByteCount);
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
        ReadOnlySpan<byte> stored = ReadBytes(name);
        int elementBytes = info.Type.Bits() / 8;
        var result = new long[info.ElementCount];
        for (int i = 0; i < result.Length; i++)
        {
            ReadOnlySpan<byte> element = stored.Slice(i * elementBytes, elementBytes);
            result[i] = info.Type switch
            {
                StorageType.Bool or StorageType.U8 => element[0],
                StorageType.I8 => (sbyte)element[0],
                StorageType.I16 => BinaryPrimitives.ReadInt16LittleEndian(element),
                StorageType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(element),
                StorageType.I32 => BinaryPrimitives.ReadInt32LittleEndian(element),
                StorageType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(element),
                StorageType.U64 when BinaryPrimitives.ReadUInt64LittleEndian(element) is > long.MaxValue and var large =>
                    throw new AteneaException(Catalogue.StorageTypeUnsupported, $"element {i} is {large}, above 2^63-1", Place(name)),
                _ => BinaryPrimitives.ReadInt64LittleEndian(element),
            };
        }

        return result;
    }

    /// <summary>Closes the file.</summary>
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
