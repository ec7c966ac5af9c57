using System.Collections.Frozen;

namespace Atenea.Hub;

/// <summary>What a name that a pickle may mention stands for.</summary>
internal enum PickleGlobalKind
{
    /// <summary><c>collections.OrderedDict</c>.</summary>
    OrderedDictionary,

    /// <summary><c>torch._utils._rebuild_tensor_v2</c>.</summary>
    RebuildTensor,

    /// <summary><c>torch._utils._rebuild_parameter</c>.</summary>
    RebuildParameter,

    /// <summary><c>torch.FloatStorage</c> and its like.</summary>
    Storage,
}

/// <summary>A name that a pickle may mention. There are no others: see <see cref="Find"/>.</summary>
/// <param name="Name">Module and name, joined by a dot.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Type">Of a storage, how its elements are stored.</param>
internal sealed record PickleGlobal(string Name, PickleGlobalKind Kind, StorageType Type = default)
{
    private static readonly FrozenDictionary<string, PickleGlobal> Admitted = new PickleGlobal[]
    {
        new("collections.OrderedDict", PickleGlobalKind.OrderedDictionary),
        new("torch._utils._rebuild_tensor_v2", PickleGlobalKind.RebuildTensor),
        new("torch._utils._rebuild_parameter", PickleGlobalKind.RebuildParameter),
        Storage("Float", StorageType.F32),
        Storage("Double", StorageType.F64),
        Storage("Half", StorageType.F16),
        Storage("BFloat16", StorageType.BF16),
        Storage("Long", StorageType.I64),
        Storage("Int", StorageType.I32),
        Storage("Short", StorageType.I16),
        Storage("Char", StorageType.I8),
        Storage("Byte", StorageType.U8),
        Storage("Bool", StorageType.Bool),
    }.ToFrozenDictionary(global => global.Name, StringComparer.Ordinal);

    /// <summary>The global of a name, or null when it is not admitted.</summary>
    public static PickleGlobal? Find(string module, string name) => Admitted.GetValueOrDefault($"{module}.{name}");

    private static PickleGlobal Storage(string stem, StorageType type) => new($"torch.{stem}Storage", PickleGlobalKind.Storage, type);
}

/// <summary>A storage that a pickle refers to: elements that lie elsewhere in the file.</summary>
/// <param name="Type">How its elements are stored.</param>
/// <param name="Key">Its name in the file.</param>
/// <param name="Count">Number of its elements, as the pickle claims it.</param>
/// <param name="ViewStart">First element of the part that is meant (files of before 2017 have storages that are parts of others).</param>
/// <param name="ViewCount">Number of elements of that part.</param>
internal sealed record PickleStorage(StorageType Type, string Key, long Count, long ViewStart, long ViewCount);

/// <summary>A tensor that a pickle rebuilds: a strided view of a storage.</summary>
/// <param name="Storage">Where its elements lie.</param>
/// <param name="Offset">Its first element.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Strides">Per dimension, how many elements further the next one lies.</param>
/// <param name="ElementCount">Product of the dimensions.</param>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides, long ElementCount);
