using System.Runtime.InteropServices;
using System.Text;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// A file of <c>torch.save</c> that holds tensors by name (<c>pytorch_model.bin</c>), mapped into memory: a zip file since PyTorch 1.6,
/// before that a sequence of pickles and storages. No pickle runs any code: see <c>Unpickler</c>. Tensors may be strided views and share
/// storages; all were checked to lie inside them when the file was opened.
/// </summary>
/// <example><code>
/// using var file = PyTorchFile.Open("pytorch_model.bin");
/// foreach (TensorInfo tensor in file.Contents) Console.WriteLine($"{tensor.Name}: {tensor}");
/// </code></example>
public sealed unsafe class PyTorchFile : ITensorSource
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, Entry> _tensors = new(StringComparer.Ordinal);
    private readonly TensorInfo[] _contents;

    private PyTorchFile(MappedFile file)
    {
        _file = file;
        bool zip = file.Length >= 4 && file.Bytes(0, 4).SequenceEqual("PK\x3\x4"u8);
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
        MappedFile file = MappedFile.Open(path);
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
    public void CopyTo(string name, float* destination, long count)
    {
        if (!_tensors.TryGetValue(name, out Entry? entry))
            throw new AteneaException(Catalogue.TensorMissing, $"'{name}'", Path, Suggestion.DidYouMean(name, _tensors.Keys));
        if (!entry.Info.Type.IsFloat())
            throw new AteneaException(Catalogue.StorageTypeUnsupported, $"{entry.Info} cannot be read as float", $"{Path}: {name}");
        if (count != entry.Info.ElementCount)
            throw new ArgumentException($"{Path}: {name} has {entry.Info.ElementCount} elements, the destination {count}", nameof(count));
        if (count == 0) return;
        if (entry.IsContiguous) FloatConversion.ToSingle(entry.Info.Type, _file.Start + entry.Start, destination, count);
        else CopyStrided(entry, destination);
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Brings the elements of one row of the last dimension together, then widens them; row by row.</summary>
    private void CopyStrided(Entry entry, float* destination)
    {
        long[] shape = entry.Info.Shape;
        int bytes = ElementBytes(entry.Info.Type);
        long columns = shape[^1], rows = entry.Info.ElementCount / columns;
        byte* gathered = (byte*)NativeMemory.Alloc((nuint)columns, (nuint)bytes);
        try
        {
            for (long row = 0; row < rows; row++)
            {
                long rest = row, at = 0;
                for (int i = shape.Length - 2; i >= 0; i--)
                {
                    at += rest % shape[i] * entry.Strides[i];
                    rest /= shape[i];
                }

                byte* source = _file.Start + entry.Start + (at * bytes);
                long step = entry.Strides[^1] * bytes;
                for (long column = 0; column < columns; column++)
                    Buffer.MemoryCopy(source + (column * step), gathered + (column * bytes), bytes, bytes);
                FloatConversion.ToSingle(entry.Info.Type, gathered, destination + (row * columns), columns);
            }
        }
        finally
        {
            NativeMemory.Free(gathered);
        }
    }

    private static int ElementBytes(StorageType type) => type.Bits() / 8;

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

        public static (Dictionary<string, object?> Values, Func<PickleStorage, long> Locate) Read(MappedFile file)
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

        private static long Locate(MappedFile file, Dictionary<string, (long Start, long Length)> records, string folder, PickleStorage storage)
        {
            string name = $"{folder}data/{storage.Key}";
            if (!records.TryGetValue(name, out (long Start, long Length) record))
                throw Malformed(file, $"the storage '{Unpickler.Printable(name)}' is not there");
            // PyTorch itself reads a record that is shorter than the storage it is for, and the rest is whatever lay in memory.
            if (record.Length / ElementBytes(storage.Type) < storage.Count)
            {
                throw new AteneaException(Catalogue.PyTorchFileTruncated,
                    $"storage '{Unpickler.Printable(name)}' has {record.Length} bytes, {storage.Count} elements of {storage.Type.Name()} were announced", file.Path);
            }

            return record.Start;
        }

        private static void RequireLittleEndian(MappedFile file, Dictionary<string, (long Start, long Length)> records, string name)
        {
            if (records.TryGetValue(name, out (long Start, long Length) record) && !file.Bytes(record.Start, (int)Math.Min(record.Length, 6)).SequenceEqual("little"u8))
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

        public static (Dictionary<string, object?> Values, Func<PickleStorage, long> Locate) Read(MappedFile file)
        {
            RequirePickle(file);
            var pickles = new Unpickler(file, 0, file.Length);
            if (pickles.Read() is not System.Numerics.BigInteger mark || mark != FileMark)
                throw Malformed(file, "a pickle without PyTorch's mark: expected a file of torch.save with tensors by name");
            object? version = Next(file, ref pickles);
            if (version is not Version) throw Malformed(file, $"its version is {Unpickler.Describe(version)}, expected {Version}");
            if (Next(file, ref pickles) is not Dictionary<string, object?> machine || machine.GetValueOrDefault("little_endian") is not true)
                throw Malformed(file, "its numbers are stored with the highest byte first");
            Dictionary<string, object?> values = NamedValues(file, Next(file, ref pickles));
            if (Next(file, ref pickles) is not List<object?> keys) throw Malformed(file, "it does not list its storages");
            Dictionary<string, long> starts = Storages(file, values, keys, pickles.Position);
            return (values, storage => starts[storage.Key]);
        }

        private static object? Next(MappedFile file, ref Unpickler pickles)
        {
            pickles = new Unpickler(file, pickles.Position, file.Length);
            return pickles.Read();
        }

        private static Dictionary<string, long> Storages(MappedFile file, Dictionary<string, object?> values, List<object?> keys, long position)
        {
            var announced = new Dictionary<string, PickleStorage>(StringComparer.Ordinal);
            foreach (PickleTensor tensor in values.Values.OfType<PickleTensor>()) announced[tensor.Storage.Key] = tensor.Storage;
            var starts = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (object? item in keys)
            {
                if (item is not string key || !announced.TryGetValue(key, out PickleStorage? storage))
                    throw Malformed(file, $"a storage that no tensor uses: {Unpickler.Describe(item)}");
                if (file.Length - position < sizeof(long)) throw TooShort(file, storage);
                long count = MemoryMarshal.Read<long>(file.Bytes(position, sizeof(long)));
                position += sizeof(long);
                if (count != storage.Count) throw Malformed(file, $"storage '{Unpickler.Printable(key)}' has {count} elements, {storage.Count} were announced");
                if ((file.Length - position) / ElementBytes(storage.Type) < count) throw TooShort(file, storage);
                starts[key] = position;
                position += count * ElementBytes(storage.Type);
            }

            // Tensors may mean one key as storages of different sizes; every one must fit what was found.
            foreach (PickleTensor tensor in values.Values.OfType<PickleTensor>())
            {
                PickleStorage storage = tensor.Storage;
                if (!starts.ContainsKey(storage.Key)) throw Malformed(file, $"the storage '{Unpickler.Printable(storage.Key)}' is not there");
                if (announced[storage.Key] is var found && (found.Type != storage.Type || found.Count != storage.Count))
                    throw Malformed(file, $"the storage '{Unpickler.Printable(storage.Key)}' is announced in two ways");
            }

            return starts;
        }

        /// <summary>Names the commonest wrong files; without this they would be unknown instructions of a pickle.</summary>
        private static void RequirePickle(MappedFile file)
        {
            const byte Protocol = 0x80;
            if (file.Length == 0) throw new AteneaException(Catalogue.PyTorchFileTruncated, "the file is empty", file.Path);
            string start = Encoding.Latin1.GetString(file.Bytes(0, (int)Math.Min(file.Length, 16)));
            if (start.StartsWith("version https://", StringComparison.Ordinal))
            {
                throw new AteneaException(Catalogue.PyTorchFileMalformed, "this is a Git LFS pointer, not the weights", file.Path,
                    "fetch the real file with `git lfs pull`");
            }

            if (start[0] != Protocol) throw Malformed(file, "neither a zip file nor a pickle");
        }

        private static AteneaException TooShort(MappedFile file, PickleStorage storage) => new(Catalogue.PyTorchFileTruncated,
            $"it ends before the {storage.Count} elements of storage '{Unpickler.Printable(storage.Key)}' do", file.Path);
    }

    private static Dictionary<string, object?> NamedValues(MappedFile file, object? root) => root as Dictionary<string, object?>
        ?? throw Malformed(file, $"it holds {Unpickler.Describe(root)}, expected tensors by name");

    private static AteneaException Malformed(MappedFile file, string what) => new(Catalogue.PyTorchFileMalformed, what, file.Path);
}
