namespace Atenea.Data;

/// <summary>The labels of all features under a name of transformers: ids or numbers, the same count for each feature.</summary>
public sealed class FeatureLabels
{
    private readonly int[] _ids;
    private readonly float[] _numbers;

    /// <summary>Takes ids.</summary>
    /// <param name="name">For example <c>labels</c> or <c>start_positions</c>.</param>
    /// <param name="ids">[features, <paramref name="width"/>], feature by feature.</param>
    /// <param name="width">Ids of each feature.</param>
    public FeatureLabels(string name, int[] ids, int width = 1) => (Name, _ids, _numbers, Width, AreIds) = (name, ids, [], width, true);

    /// <summary>Takes numbers.</summary>
    /// <param name="name">For example <c>labels</c>.</param>
    /// <param name="numbers">[features, <paramref name="width"/>], feature by feature.</param>
    /// <param name="width">Numbers of each feature.</param>
    public FeatureLabels(string name, float[] numbers, int width) => (Name, _ids, _numbers, Width) = (name, [], numbers, width);

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Labels of each feature.</summary>
    public int Width { get; }

    /// <summary>Whether they are ids, not numbers.</summary>
    public bool AreIds { get; }

    /// <summary>The ids of a feature, [<see cref="Width"/>].</summary>
    public ReadOnlySpan<int> Ids(int feature) => _ids.AsSpan(feature * Width, Width);

    /// <summary>The numbers of a feature, [<see cref="Width"/>].</summary>
    public ReadOnlySpan<float> Numbers(int feature) => _numbers.AsSpan(feature * Width, Width);
}
