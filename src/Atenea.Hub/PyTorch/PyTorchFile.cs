using System.Runtime.InteropServices;
using System.Text;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// A file of <c>torch.save</c> that holds tensors by name (<c>pytorch_model.bin</c>): a zip file since PyTorch 1.6,
/// before that a sequence of pickles and storages. No pickle runs any code: see <c>Unpickler</c>. Tensors may be strided views and share
/// storages; all were checked to lie inside them when the file was opened.
/// </summary>
/// <example><code>
/// using var file = PyTorchFile.Open("pytorch_model.bin");
/// foreach (TensorInfo tensor in file.Contents) Console.WriteLine($"{tensor.Name}: {tensor}");
/// </code></example>
internal sealed class PyTorchFile : ITensorSource
{
    private readonly BinaryFile _file;
    private readonly Dictionary<string, Entry> _tensors = new(StringComparer.Ordinal);
    private readonly TensorInfo[] _contents;
    private volatile TensorExtent? _extent;

    private PyTorchFile(BinaryFile file)
    {
        _file = file;
        bool zip = file.Length >= 4 && file.ReadBytes(0, 4).AsSpan().SequenceEqual("PK\x3\x4"u8);
        (Dictionary<string, object?> values, Func<PickleStorage, long> locate) = zip ? ZipLayout.Read(file) : SequentialLayout.Read(file);
        foreach ((string name, object? value) in values)
        {
            if (value is not PickleTensor tensor)
            {
                throw new AteneaException(Catalogue.PyTorchFileMalformed,
                    $"'{Unpickler.Printable(name)}' is {Unpickler.Describe(value)}, expected tensors by name and nothing else", file.Path);
            }

            var info = new TensorInfo(name, tensor.Storage.Type, tensor.Shape, tensor.ElementCount);
            long first = locate(tensor.Storage) + (tensor.Offset * ElementBytes(info.Type));
            _tensors.Add(name, new Entry(info, first, tensor.Strides));
        }

        _contents = [.. _tensors.Values.Select(entry => entry.Info)];
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public IReadOnlyCollection<TensorInfo> Contents => _contents;

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="AteneaException">
    /// The file is missing or unreadable (ATN0401, ATN0402), truncated (ATN0480), malformed (ATN0481), or its pickle asks for anything but
    /// tensors (ATN0482).
    /// </exception>
    public static PyTorchFile Open(string path)
    {
        BinaryFile file = BinaryFile.Open(path);
        try
        {
            return new PyTorchFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public TensorInfo Info(string name) => _tensors.Find(name, Path).Info;

    /// <inheritdoc/>
    public void CopyTo(string name, long start, Span<float> destination)
    {
        Entry entry = _tensors.Find(name, Path);
        TensorSources.CheckFloats(entry.Info, Path, start, destination.Length);
        if (destination.Length == 0) return;
        if (!entry.IsContiguous) CopyStrided(entry, start, destination);
        else _file.ReadFloats(entry.Info.Type, entry.Start + (start * ElementBytes(entry.Info.Type)), destination);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Brings elements that lie apart together, a chunk at a time, then widens them.</summary>
    private void CopyStrided(Entry entry, long start, Span<float> destination)
    {
        const int ChunkElements = 1 << 12;
        ReadOnlySpan<byte> extent = Extent(entry);
        long[] shape = entry.Info.Shape, strides = entry.Strides, place = new long[shape.Length];
        long at = 0;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            (start, place[i]) = Math.DivRem(start, shape[i]);
            at += place[i] * strides[i];
        }

        int bytes = ElementBytes(entry.Info.Type);
        Span<byte> gathered = stackalloc byte[ChunkElements * sizeof(double)];
        while (destination.Length > 0)
        {
            int count = Math.Min(ChunkElements, destination.Length);
            for (int element = 0; element < count; element++)
            {
                extent.Slice((int)(at * bytes), bytes).CopyTo(gathered[(element * bytes)..]);
                for (int i = shape.Length - 1; i >= 0; i--)
                {
                    at += strides[i];
                    if (++place[i] < shape[i]) break;
                    at -= shape[i] * strides[i];
                    place[i] = 0;
                }
            }

            FloatConversion.ToSingle(entry.Info.Type, gathered[..(count * bytes)], destination[..count]);
            destination = destination[count..];
        }
    }

    /// <summary>
    /// The stored bytes from a tensor's first element to its last. Those of one tensor are kept, for callers that copy it part by part.
    /// </summary>
    private byte[] Extent(Entry entry)
    {
        if (_extent is { } kept && kept.Entry == entry) return kept.Bytes;
        long elements = 1;
        for (int i = 0; i < entry.Strides.Length; i++) elements += (entry.Info.Shape[i] - 1) * entry.Strides[i];
        long bytes = elements * ElementBytes(entry.Info.Type);
        if (bytes > Array.MaxLength)
        {
            throw new AteneaException(Catalogue.StorageTypeUnsupported, $"its elements lie scattered over {bytes} bytes",
                $"{Path}: {entry.Info.Name}", "store it contiguously: tensor.contiguous()");
        }

        var extent = new TensorExtent(entry, _file.ReadBytes(entry.Start, (int)bytes));
        _extent = extent;
        return extent.Bytes;
    }

    private static int ElementBytes(StorageType type) => type.Bits() / 8;

    private sealed record TensorExtent(Entry Entry, byte[] Bytes);

    /// <summary>A tensor: its first byte in the file, and per dimension how many elements further the next one lies.</summary>
    private sealed record Entry(TensorInfo Info, long Start, long[] Strides)
    {
        /// <summary>Whether its elements lie one after the other, row by row.</summary>
        public bool IsContiguous { get; } = LiesInOrder(Info.Shape, Strides);

        private static bool LiesInOrder(long[] shape, long[] strides)
        {
            long expected = 1;
            for (int i = shape.Length - 1; i >= 0; i--)
            {
                if (shape[i] != 1 && strides[i] != expected) return false;
                expected *= shape[i];
            }

            return true;
        }
    }

    /// <summary>
    /// Since PyTorch 1.6: a zip file with a folder of any name that holds <c>data.pkl</c> and one record per storage, <c>data/KEY</c>.
    /// </summary>
    private static class ZipLayout
    {
        private const string Pickle = "data.pkl";
        private const long LongestPickle = 1 << 26;

        public static (Dictionary<string, object?> Values, Func<PickleStorage, long> Locate) Read(BinaryFile file)
        {
            Dictionary<string, (long Start, long Length)> records = ZipDirectory.Read(file);
            string pickle = records.Keys.FirstOrDefault(name => name == Pickle || name.EndsWith("/" + Pickle, StringComparison.Ordinal))
                ?? throw Malformed(file, $"a zip file without {Pickle}");
            string folder = pickle[..^Pickle.Length];
            RequireLittleEndian(file, records, folder + "byteorder");
            (long start, long length) = records[pickle];
            if (length > LongestPickle) throw Malformed(file, $"'{Pickle}' has {length} bytes");
            object? root = new Unpickler(file, start, start + length).Read();
            return (NamedValues(file, root), storage => Locate(file, records, folder, storage));
        }

        private static long Locate(
            BinaryFile file, Dictionary<string, (long Start, long Length)> records, string folder, PickleStorage storage)
        {
            string name = $"{folder}data/{storage.Key}";
            if (!records.TryGetValue(name, out (long Start, long Length) record))
                throw Malformed(file, $"the storage '{Unpickler.Printable(name)}' is not there");
            // PyTorch itself reads a record that is shorter than the storage it is for, and the rest is whatever lay in memory.
            if (record.Length / ElementBytes(storage.Type) < storage.Count)
            {
                throw new AteneaException(Catalogue.PyTorchFileTruncated,
                    $"storage '{Unpickler.Printable(name)}' has {record.Length} bytes, "
                    + $"{storage.Count} elements of {storage.Type.Name()} were announced", file.Path);
            }

            return record.Start;
        }

        private static void RequireLittleEndian(BinaryFile file, Dictionary<string, (long Start, long Length)> records, string name)
        {
            if (records.TryGetValue(name, out (long Start, long Length) record)
                && !file.ReadBytes(record.Start, (int)Math.Min(record.Length, 6)).SequenceEqual("little"u8))
                throw Malformed(file, "its numbers are stored with the highest byte first");
        }
    }

    /// <summary>
    /// Before PyTorch 1.6: five pickles (a mark, the version, facts about the machine, the tensors, the keys of the storages), then for
    /// each key the number of its elements and the elements.
    /// </summary>
    private static class SequentialLayout
    {
        private const long Version = 1001;
        private static readonly UInt128 FileMark = new(0x1950, 0xa86a20f9469cfc6c);

        public static (Dictionary<string, object?> Values, Func<PickleStorage, long> Locate) Read(BinaryFile file)
        {
            RequirePickle(file);
            var pickles = new Unpickler(file, 0, file.Length);
            if (pickles.Read() is not System.Numerics.BigInteger mark || mark != FileMark)
                throw Malformed(file, "a pickle without PyTorch's mark: expected a file of torch.save with tensors by name");
            object? version = Next(file, ref pickles);
            if (version is not Version) throw Malformed(file, $"its version is {Unpickler.Describe(version)}, expected {Version}");
            if (Next(file, ref pickles) is not Dictionary<string, object?> machine
                || machine.GetValueOrDefault("little_endian") is not true)
                throw Malformed(file, "its numbers are stored with the highest byte first");
            Dictionary<string, object?> values = NamedValues(file, Next(file, ref pickles));
            if (Next(file, ref pickles) is not List<object?> keys) throw Malformed(file, "it does not list its storages");
            Dictionary<string, long> starts = Storages(file, values, keys, pickles.Position);
            return (values, storage => starts[storage.Key]);
        }

        private static object? Next(BinaryFile file, ref Unpickler pickles)
        {
            pickles = new Unpickler(file, pickles.Position, file.Length);
            return pickles.Read();
        }

        private static Dictionary<string, long> Storages(
            BinaryFile file, Dictionary<string, object?> values, List<object?> keys, long position)
        {
            var announced = new Dictionary<string, PickleStorage>(StringComparer.Ordinal);
            foreach (PickleTensor tensor in values.Values.OfType<PickleTensor>()) announced[tensor.Storage.Key] = tensor.Storage;
            var starts = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (object? item in keys)
            {
                if (item is not string key || !announced.TryGetValue(key, out PickleStorage? storage))
                    throw Malformed(file, $"a storage that no tensor uses: {Unpickler.Describe(item)}");
                if (file.Length - position < sizeof(long)) throw TooShort(file, storage);
                long count = MemoryMarshal.Read<long>(file.ReadBytes(position, sizeof(long)));
                position += sizeof(long);
                if (count != storage.Count)
                    throw Malformed(file, $"storage '{Unpickler.Printable(key)}' has {count} elements, {storage.Count} were announced");
                if ((file.Length - position) / ElementBytes(storage.Type) < count) throw TooShort(file, storage);
                starts[key] = position;
                position += count * ElementBytes(storage.Type);
            }

            // Tensors may mean one key as storages of different sizes; every one must fit what was found.
            foreach (PickleTensor tensor in values.Values.OfType<PickleTensor>())
            {
                PickleStorage storage = tensor.Storage;
                if (!starts.ContainsKey(storage.Key))
                    throw Malformed(file, $"the storage '{Unpickler.Printable(storage.Key)}' is not there");
                if (announced[storage.Key] is var found && (found.Type != storage.Type || found.Count != storage.Count))
                    throw Malformed(file, $"the storage '{Unpickler.Printable(storage.Key)}' is announced in two ways");
            }

            return starts;
        }

        /// <summary>Names the commonest wrong files; without this they would be unknown instructions of a pickle.</summary>
        private static void RequirePickle(BinaryFile file)
        {
            const byte Protocol = 0x80;
            if (file.Length == 0) throw new AteneaException(Catalogue.PyTorchFileTruncated, "the file is empty", file.Path);
            string start = Encoding.Latin1.GetString(file.ReadBytes(0, (int)Math.Min(file.Length, 16)));
            if (start.StartsWith("version https://", StringComparison.Ordinal))
            {
                throw new AteneaException(Catalogue.PyTorchFileMalformed, "this is a Git LFS pointer, not the weights", file.Path,
                    "fetch the real file with `git lfs pull`");
            }

            if (start[0] != Protocol) throw Malformed(file, "neither a zip file nor a pickle");
        }

        private static AteneaException TooShort(BinaryFile file, PickleStorage storage) => new(Catalogue.PyTorchFileTruncated,
            $"it ends before the {storage.Count} elements of storage '{Unpickler.Printable(storage.Key)}' do", file.Path);
    }

    private static Dictionary<string, object?> NamedValues(BinaryFile file, object? root) => root as Dictionary<string, object?>
        ?? throw Malformed(file, $"it holds {Unpickler.Describe(root)}, expected tensors by name");

    private static AteneaException Malformed(BinaryFile file, string what) => new(Catalogue.PyTorchFileMalformed, what, file.Path);
}
