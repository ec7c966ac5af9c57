using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace Atenea.Data;

/// <summary>What a column's cells are like, gathered cell by cell in memory that does not grow with their number.</summary>
public sealed class ColumnStatistics
{
    /// <summary>Columns with more different values are not counted value by value.</summary>
    public const int MostValues = 1000;

    /// <summary>Longer cells are no labels and are not counted by value.</summary>
    private const int LongestValue = 64;

    private readonly Dictionary<string, long> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private bool _countsValues = true;
    private bool _integers = true;
    private bool _numbers = true;
    private bool _booleans = true;
    private long _characters;

    /// <summary>Starts a column.</summary>
    /// <param name="name">Its name.</param>
    public ColumnStatistics(string name)
    {
        Name = name;
        _lookup = _values.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>Cells with a value.</summary>
    public long Count { get; private set; }

    /// <summary>Rows without a value.</summary>
    public long Missing { get; internal set; }

    /// <summary>Cells of no characters, or of white space alone.</summary>
    public long Empty { get; private set; }

    /// <summary>Characters of the shortest cell.</summary>
    public long Shortest { get; private set; }

    /// <summary>Characters of the longest cell.</summary>
    public long Longest { get; private set; }

    /// <summary>Characters of a cell on average; 0 without cells.</summary>
    public double MeanLength => Count == 0 ? 0 : (double)_characters / Count;

    /// <summary>The type that all cells have: <c>integer</c>, <c>number</c>, <c>boolean</c>, <c>list</c> or <c>text</c>.</summary>
    public string Type => Lists == Count && Count > 0 ? "list"
        : Count == Empty ? "text" : _booleans ? "boolean" : _integers ? "integer" : _numbers ? "number" : "text";

    /// <summary>
    /// How often each value occurs, most frequent first; null where there are more than <see cref="MostValues"/> or long ones.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, long>>? Values =>
        _countsValues ? [.. _values.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal)] : null;

    /// <summary>Cells that are lists.</summary>
    internal long Lists { get; set; }

    /// <summary>Counts a cell.</summary>
    /// <param name="cell">Its text as UTF-8.</param>
    public void Add(ReadOnlySpan<byte> cell)
    {
        long characters = CountCharacters(cell);
        Shortest = Count == 0 ? characters : Math.Min(Shortest, characters);
        Longest = Math.Max(Longest, characters);
        _characters += characters;
        Count++;
        if (cell.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            Empty++;
            return;
        }

        if (_integers || _numbers || _booleans) Narrow(cell);
        if (_countsValues) CountValue(cell);
    }

    /// <summary>Bytes that start a character: all but 10xxxxxx, which are the smallest as signed numbers.</summary>
    private static long CountCharacters(ReadOnlySpan<byte> cell)
    {
        const sbyte firstStart = -64;
        ReadOnlySpan<sbyte> signed = MemoryMarshal.Cast<byte, sbyte>(cell);
        long starts = 0;
        for (; signed.Length >= Vector256<sbyte>.Count; signed = signed[Vector256<sbyte>.Count..])
        {
            starts += BitOperations.PopCount(
                Vector256.GreaterThanOrEqual(Vector256.Create(signed), Vector256.Create(firstStart)).ExtractMostSignificantBits());
        }

        foreach (sbyte value in signed) starts += value >= firstStart ? 1 : 0;
        return starts;
    }

    private void Narrow(ReadOnlySpan<byte> cell)
    {
        _booleans = _booleans
            && (cell.SequenceEqual("true"u8) || cell.SequenceEqual("false"u8) || cell.SequenceEqual("True"u8)
                || cell.SequenceEqual("False"u8));
        _integers = _integers && Utf8Parser.TryParse(cell, out long _, out int read) && read == cell.Length;
        _numbers = _numbers && Utf8Parser.TryParse(cell, out double _, out read) && read == cell.Length;
    }

    private void CountValue(ReadOnlySpan<byte> cell)
    {
        Span<char> text = stackalloc char[LongestValue];
        if (cell.Length <= LongestValue && Utf8.ToUtf16(cell, text, out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            ReadOnlySpan<char> value = text[..length];
            if (_lookup.TryGetValue(value, out long count))
            {
                _lookup[value] = count + 1;
                return;
            }

            if (_values.Count < MostValues)
            {
                _lookup[value] = 1;
                return;
            }
        }

        _countsValues = false;
        _values.Clear();
    }
}
