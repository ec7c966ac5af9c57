using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>
/// Puts the levels and values of a batch's columns together into vectors: every list and structure is found again from the levels of the
/// columns under it, which must agree.
/// </summary>
/// <param name="readers">The reader of each column that is read, by the column's number.</param>
internal sealed class VectorBuilder(LeafReader?[] readers)
{
    /// <summary>Builds a field's vector.</summary>
    /// <exception cref="DamagedException">The columns under it contradict each other, or a value makes no sense.</exception>
    public ColumnVector Build(ParquetField field)
    {
        if (field.Leaf is { } leaf) return BuildLeaf(field, readers[leaf.Index]!);
        (int first, int count) = field.Leaves;
        if (field.Shape == FieldShape.Struct)
        {
            Entries entries = FindEntries(field, readers[first]!);
            for (int i = 1; i < count; i++) Agree(field, entries, FindEntries(field, readers[first + i]!));
            var children = new ColumnVector[field.Children.Count];
            for (int i = 0; i < children.Length; i++)
            {
                children[i] = Build(field.Children[i]);
                if (children[i].Count != entries.Count) throw Disagree(field);
            }

            return new StructVector(field, children, entries.Valid, entries.Count);
        }

        Entries lists = FindLists(field, readers[first]!, out int[] offsets);
        for (int i = 1; i < count; i++)
        {
            Agree(field, lists, FindLists(field, readers[first + i]!, out int[] others));
            if (!offsets.AsSpan(0, lists.Count + 1).SequenceEqual(others.AsSpan(0, lists.Count + 1))) throw Disagree(field);
        }

        ColumnVector elements = Build(field.Children[0]);
        if (elements.Count != offsets[lists.Count]) throw Disagree(field);
        return new ListVector(field, offsets, elements, lists.Valid, lists.Count);
    }

    /// <param name="Count">How many there are.</param>
    /// <param name="Valid">Which are not null; null if all are.</param>
    private readonly record struct Entries(int Count, bool[]? Valid);

    private static ColumnVector BuildLeaf(ParquetField field, LeafReader reader)
    {
        // No nulls at all, the usual case, needs no look at the levels.
        if (reader.ValueCount == reader.LevelCount) return reader.BuildVector(field, null, reader.LevelCount);
        ReadOnlySpan<byte> definitions = reader.Definitions;
        var valid = new bool[definitions.Length];
        int count = 0, nulls = 0;
        foreach (byte definition in definitions)
        {
            if (definition < field.EntryDefinition) continue;
            bool isValid = definition >= field.PresentDefinition;
            valid[count++] = isValid;
            if (!isValid) nulls++;
        }

        return reader.BuildVector(field, nulls == 0 ? null : valid, count);
    }

    private static Entries FindEntries(ParquetField field, LeafReader reader)
    {
        ReadOnlySpan<byte> definitions = reader.Definitions, repetitions = reader.Repetitions;
        if (definitions.Length == 0) return new Entries(reader.LevelCount, null);
        var valid = new bool[definitions.Length];
        int count = 0, nulls = 0;
        for (int i = 0; i < definitions.Length; i++)
        {
            if (definitions[i] < field.EntryDefinition || (repetitions.Length > 0 && repetitions[i] > field.EntryRepetition)) continue;
            bool isValid = definitions[i] >= field.PresentDefinition;
            valid[count++] = isValid;
            if (!isValid) nulls++;
        }

        return new Entries(count, nulls == 0 ? null : valid);
    }

    private static Entries FindLists(ParquetField field, LeafReader reader, out int[] offsets)
    {
        ReadOnlySpan<byte> definitions = reader.Definitions, repetitions = reader.Repetitions;
        var valid = new bool[definitions.Length];
        offsets = new int[definitions.Length + 1];
        int count = 0, nulls = 0, elements = 0;
        int elementRepetition = field.EntryRepetition + 1;
        for (int i = 0; i < definitions.Length; i++)
        {
            int definition = definitions[i], repetition = repetitions[i];
            if (definition < field.EntryDefinition || repetition > elementRepetition) continue;
            if (repetition < elementRepetition)
            {
                bool isValid = definition >= field.PresentDefinition;
                offsets[count] = elements;
                valid[count++] = isValid;
                if (!isValid) nulls++;
            }

            if (definition > field.PresentDefinition) elements++;
        }

        offsets[count] = elements;
        return new Entries(count, nulls == 0 ? null : valid);
    }

    private static void Agree(ParquetField field, Entries one, Entries other)
    {
        if (one.Count != other.Count || one.Valid is null != other.Valid is null) throw Disagree(field);
        if (one.Valid is not null && !one.Valid.AsSpan(0, one.Count).SequenceEqual(other.Valid.AsSpan(0, one.Count))) throw Disagree(field);
    }

    private static DamagedException Disagree(ParquetField field) =>
        new(Catalogue.ParquetCountsDiffer, $"the columns under '{field.Name}' have different lists or nulls");
}
