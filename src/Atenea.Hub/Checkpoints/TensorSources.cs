using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>What every <see cref="ITensorSource"/> can do by its own means.</summary>
public static class TensorSources
{
    /// <summary>Copies a whole tensor, row by row, as single precision.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="name">The tensor.</param>
    /// <param name="destination">As many elements as the tensor has.</param>
    /// <inheritdoc cref="ITensorSource.CopyTo" path="/exception[@cref='AteneaException']"/>
    /// <exception cref="ArgumentException">The tensor has another number of elements.</exception>
    public static void CopyTo(this ITensorSource source, string name, Span<float> destination)
    {
        long count = source.Info(name).ElementCount;
        if (destination.Length != count)
        {
            throw new ArgumentException(
                $"{source.Path}: {name} has {count} elements, the destination {destination.Length}", nameof(destination));
        }

        source.CopyTo(name, 0, destination);
    }

    /// <summary>Reads a whole tensor of a float type (F16, BF16, F32, F64), row by row, as single precision.</summary>
    /// <inheritdoc cref="ITensorSource.CopyTo" path="/exception[@cref='AteneaException']"/>
    public static float[] ReadFloats(this ITensorSource source, string name)
    {
        var values = new float[source.Info(name).ElementCount];
        source.CopyTo(name, 0, values);
        return values;
    }

    /// <summary>The tensor of a name, or what that is not there.</summary>
    internal static T Find<T>(this IReadOnlyDictionary<string, T> tensors, string name, string path) =>
        tensors.TryGetValue(name, out T? tensor)
            ? tensor
            : throw new AteneaException(Catalogue.TensorMissing, $"'{name}'", path, Suggestion.DidYouMean(name, tensors.Keys));

    /// <summary>Checks what is asked of a tensor before any byte is read.</summary>
    internal static void CheckFloats(TensorInfo info, string path, long start, int count)
    {
        if (!info.Type.IsFloat())
            throw new AteneaException(Catalogue.StorageTypeUnsupported, $"{info} cannot be read as float", $"{path}: {info.Name}");
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, info.ElementCount - count);
    }
}
