using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// Reads a pickle that <c>torch.save</c> wrote for tensors by name, and nothing else. A pickle is a program for a stack machine that may
/// call any function of Python; this machine has no functions. It knows the names of <see cref="PickleGlobal"/>, turns what PyTorch would
/// call into plain descriptions of tensors, and refuses every other name at the moment it is mentioned. What it allocates is bounded by
/// constants here, not by what the file claims. Instructions: the documentation of Python's <c>pickletools</c>, protocols 2 to 5.
/// </summary>
internal sealed class Unpickler
{
    /// <summary>A tensor takes about 40 instructions, so this is room for tens of thousands.</summary>
    private const int MostInstructions = 1 << 22;

    private const int LongestString = 1 << 16;
    private const int LongestInteger = 32; // Bytes. The longest that is needed, the mark of the older layout, has 10.

    private static readonly object Mark = new();

    private readonly BinaryFile _file;
    private readonly long _end;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    // The bytes of the file from _windowStart to _windowEnd; Position lies in it.
    private readonly byte[] _window = new byte[LongestString];
    private long _windowStart, _windowEnd;
    private int _instructions;

    /// <summary>Prepares to read a pickle.</summary>
    /// <param name="file">The file that it lies in.</param>
    /// <param name="start">Its first byte.</param>
    /// <param name="end">The byte that it must not reach.</param>
    public Unpickler(BinaryFile file, long start, long end)
    {
        _file = file;
        Position = start;
        _end = end;
    }

    /// <summary>The next byte; after <see cref="Read"/> the one behind the pickle.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// Runs the pickle to its end. Values are null, bool, long, <see cref="BigInteger"/>, double, string, object[] (a tuple), List (a
    /// list), Dictionary by string, <see cref="PickleGlobal"/>, <see cref="PickleStorage"/> and <see cref="PickleTensor"/>.
    /// </summary>
    /// <exception cref="AteneaException">
    /// It ends too early (ATN0480), makes no sense (ATN0481) or asks for anything but tensors (ATN0482).
    /// </exception>
    public object? Read()
    {
        while (true)
        {
            if (++_instructions > MostInstructions) throw Malformed($"the pickle has more than {MostInstructions} instructions");
            byte instruction = Byte();
            if (instruction == '.') return Pop();
            Run(instruction);
        }
    }

    private void Run(byte instruction)
    {
        switch (instruction)
        {
            case 0x80: CheckProtocol(Byte()); break; // PROTO
            case 0x95: Take(8); break; // FRAME: only a hint for buffering
            case (byte)'(': _stack.Add(Mark); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'N': _stack.Add(null); break;
            case 0x88: _stack.Add(true); break;
            case 0x89: _stack.Add(false); break;
            case (byte)'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case (byte)'K': _stack.Add((long)Byte()); break;
            case (byte)'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 0x8a: PushInteger(Byte()); break;
            case (byte)'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case (byte)'X': _stack.Add(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case 0x8c: _stack.Add(Text(Byte())); break;
            case 0x8d: _stack.Add(Text(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)))); break;
            case (byte)'U': _stack.Add(Text(Byte())); break; // Python 2's strings
            case (byte)'T': _stack.Add(Text(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case (byte)')': _stack.Add(Array.Empty<object?>()); break;
            case 0x85: PushTuple(1); break;
            case 0x86: PushTuple(2); break;
            case 0x87: PushTuple(3); break;
            case (byte)'t': _stack.Add(PopToMark()); break;
            case (byte)']': _stack.Add(new List<object?>()); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'}': _stack.Add(new Dictionary<string, object?>(StringComparer.Ordinal)); break;
            case (byte)'s': SetItem(); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'q': _memo[Byte()] = Top(); break;
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(); break;
            case 0x94: _memo[_memo.Count] = Top(); break;
            case (byte)'h': Recall(Byte()); break;
            case (byte)'j': Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))); break;
            case (byte)'c': _stack.Add(Global(Line(), Line())); break;
            case 0x93: PushStackGlobal(); break;
            case (byte)'i': Global(Line(), Line()); throw Refused("an instance of a class (INST)");
            case (byte)'R': Reduce(); break;
            case (byte)'b': Build(); break;
            case (byte)'Q': _stack.Add(PersistentStorage(Pop())); break;
            default: throw Refused($"instruction 0x{instruction:x2}, which no checkpoint of tensors needs");
        }
    }

    private void CheckProtocol(byte protocol)
    {
        if (protocol is < 2 or > 5) throw Malformed($"pickle protocol {protocol}, 2 to 5 can be read");
    }

    private void PushInteger(byte length)
    {
        if (length > LongestInteger) throw Malformed($"an integer of {length} bytes");
        var value = new BigInteger(Take(length));
        if (value >= long.MinValue && value <= long.MaxValue) _stack.Add((long)value);
        else _stack.Add(value);
    }

    private string Text(ulong length)
    {
        if (length > LongestString) throw Malformed($"a string of {length} bytes");
        return Encoding.UTF8.GetString(Take((int)length));
    }

    /// <summary>A line of text, of which names consist in the older protocols.</summary>
    private string Line()
    {
        var line = new List<byte>();
        for (byte next = Byte(); next != '\n'; next = Byte())
        {
            line.Add(next);
            if (line.Count > LongestString) throw Malformed("a name without an end");
        }

        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(line));
    }

    private PickleGlobal Global(string module, string name) =>
        PickleGlobal.Find(module, name) ?? throw Refused($"the name '{Printable(module)}.{Printable(name)}'");

    private void PushStackGlobal()
    {
        object? name = Pop();
        object? module = Pop();
        if (module is not string moduleText || name is not string nameText) throw Malformed("a global whose name is no string");
        _stack.Add(Global(moduleText, nameText));
    }

    private void PushTuple(int length)
    {
        var tuple = new object?[length];
        for (int i = length - 1; i >= 0; i--) tuple[i] = Pop();
        _stack.Add(tuple);
    }

    private void Append(object?[] items)
    {
        if (Top() is not List<object?> list) throw Malformed("items appended to what is no list");
        list.AddRange(items);
    }

    private void SetItem()
    {
        object? value = Pop();
        object? key = Pop();
        SetItems([key, value]);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not Dictionary<string, object?> dictionary) throw Malformed("items set in what is no dictionary");
        if (items.Length % 2 != 0) throw Malformed("a key without a value");
        for (int i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not string key) throw Malformed($"a dictionary with {Describe(items[i])} as key, expected names");
            dictionary[key] = items[i + 1];
        }
    }

    private void Recall(long index) =>
        _stack.Add(_memo.TryGetValue(index, out object? value) ? value : throw Malformed($"nothing was kept under number {index}"));

    /// <summary>What Python would do by calling a function, for the three functions that are admitted.</summary>
    private void Reduce()
    {
        object? arguments = Pop();
        object? callee = Pop();
        if (callee is not PickleGlobal global) throw Refused($"a call of {Describe(callee)}");
        if (arguments is not object?[] values) throw Malformed($"arguments of '{global.Name}' that are no tuple");
        _stack.Add(global.Kind switch
        {
            PickleGlobalKind.OrderedDictionary => OrderedDictionary(values),
            PickleGlobalKind.RebuildTensor => Tensor(values),
            PickleGlobalKind.RebuildParameter when values is [PickleTensor tensor, ..] => tensor,
            PickleGlobalKind.RebuildParameter => throw Malformed("a parameter that is no tensor"),
            _ => throw Refused($"a call of '{global.Name}'"),
        });
    }

    /// <summary>Python 3 fills it afterwards; Python 2 gives a list of pairs.</summary>
    private Dictionary<string, object?> OrderedDictionary(object?[] arguments)
    {
        var dictionary = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (arguments.Length == 0) return dictionary;
        if (arguments is not [List<object?> pairs]) throw Malformed("an OrderedDict of something else than pairs");
        _instructions += pairs.Count; // One list may be used many times.
        foreach (object? pair in pairs)
        {
            if (pair is not List<object?> { Count: 2 } both || both[0] is not string key)
                throw Malformed("an OrderedDict of something else than pairs");
            dictionary[key] = both[1];
        }

        return dictionary;
    }

    /// <summary>
    /// _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks): the last two say nothing about the values.
    /// </summary>
    private PickleTensor Tensor(object?[] arguments)
    {
        if (arguments is not [PickleStorage storage, long offset, object?[] size, object?[] stride, ..] || size.Length != stride.Length)
            throw Malformed("a tensor whose parts are not storage, offset, size and stride");
        long[] shape = Numbers(size, "size");
        long[] strides = Numbers(stride, "stride");
        UInt128 elements = 1, last = (UInt128)Math.Max(offset, 0);
        for (int i = 0; i < shape.Length; i++)
        {
            elements *= (ulong)shape[i];
            if (elements > long.MaxValue / sizeof(double)) throw Malformed($"a tensor of size [{string.Join(", ", shape)}]");
            last += (UInt128)(ulong)Math.Max(shape[i] - 1, 0) * (ulong)strides[i];
        }

        if (offset < 0 || (elements > 0 && last >= (UInt128)storage.ViewCount))
        {
            throw Malformed($"a tensor of size [{string.Join(", ", shape)}] and stride [{string.Join(", ", strides)}] at {offset} "
                + $"does not lie inside storage '{Printable(storage.Key)}' of {storage.ViewCount} elements");
        }

        return new PickleTensor(storage, storage.ViewStart + offset, shape, strides, (long)elements);
    }

    private long[] Numbers(object?[] values, string what)
    {
        const int MostDimensions = 64;
        if (values.Length > MostDimensions) throw Malformed($"a tensor of {values.Length} dimensions");
        return [.. values.Select(Number)];

        long Number(object? value) => value is long and >= 0 ? (long)value : throw Malformed($"a tensor's {what} holds {Describe(value)}");
    }

    /// <summary>
    /// The state of an object: a state dict's own is its <c>_metadata</c> (versions of modules), which says nothing about the values.
    /// </summary>
    private void Build()
    {
        Pop();
        if (Top() is not Dictionary<string, object?>) throw Refused($"a state given to {Describe(Top())}");
    }

    /// <summary>('storage', type, key, device, elements), and in the older layout (key, start, elements) of a part, or None.</summary>
    private PickleStorage PersistentStorage(object? id)
    {
        object?[] parts = id as object?[] ?? throw Malformed($"a persistent id that is {Describe(id)}");
        if (parts is not ["storage", PickleGlobal { Kind: PickleGlobalKind.Storage } type, string key, _, long and >= 0, ..])
            throw Malformed("a persistent id that names no storage");
        long count = (long)parts[4]!;
        if (count > long.MaxValue / sizeof(double)) throw Malformed($"a storage of {count} elements");
        if (parts is not [_, _, _, _, _, object?[] view]) return new PickleStorage(type.Type, key, count, 0, count);
        if (view is not [_, long start and >= 0, long length and >= 0] || start > count || length > count - start)
            throw Malformed($"a part that does not lie inside storage '{Printable(key)}'");
        return new PickleStorage(type.Type, key, count, start, length);
    }

    private object? Top() => _stack is [.., var top] && top != Mark ? top : throw Malformed("an instruction lacks what it works on");

    private object? Pop()
    {
        object? top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object?[] PopToMark()
    {
        int mark = _stack.LastIndexOf(Mark);
        if (mark < 0) throw Malformed("an instruction lacks its mark");
        object?[] items = [.. _stack.Skip(mark + 1)];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _end - Position) throw new AteneaException(Catalogue.PyTorchFileTruncated, "it ends inside its pickle", _file.Path);
        if (Position + count > _windowEnd)
        {
            int length = (int)Math.Min(LongestString, _end - Position);
            _file.Read(Position, _window.AsSpan(0, length));
            _windowEnd = Position + length;
            _windowStart = Position;
        }

        ReadOnlySpan<byte> bytes = _window.AsSpan((int)(Position - _windowStart), count);
        Position += count;
        return bytes;
    }

    /// <summary>What a value is, for messages.</summary>
    internal static string Describe(object? value) => value switch
    {
        null => "None",
        bool => "a truth value",
        long or BigInteger => $"the number {value}",
        double => "a fraction",
        string text => $"the string '{Printable(text)}'",
        object?[] => "a tuple",
        List<object?> => "a list",
        PickleGlobal global => $"'{global.Name}'",
        PickleStorage => "a storage",
        PickleTensor => "a tensor",
        _ => "a dictionary",
    };

    /// <summary>Text of a file that nobody vouches for, made fit to be printed.</summary>
    internal static string Printable(string text)
    {
        const int Longest = 80;
        string shortened = text.Length <= Longest ? text : text[..Longest] + "...";
        return string.Concat(shortened.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }

    private AteneaException Malformed(string what) => new(Catalogue.PyTorchFileMalformed, what, $"{_file.Path}: byte {Position}");

    private AteneaException Refused(string what) => new(Catalogue.PickleRefused, $"it asks for {what}", $"{_file.Path}: byte {Position}");
}
