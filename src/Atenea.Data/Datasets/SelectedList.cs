using System.Collections;

namespace Atenea.Data;

/// <summary>Some items of a list in some order, without a copy of them.</summary>
/// <param name="items">The items.</param>
/// <param name="indices">Which of them, in which order.</param>
internal sealed class SelectedList<T>(IReadOnlyList<T> items, int[] indices) : IReadOnlyList<T>
{
    /// <inheritdoc/>
    public int Count => indices.Length;

    /// <inheritdoc/>
    public T this[int index] => items[indices[index]];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        foreach (int index in indices) yield return items[index];
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
