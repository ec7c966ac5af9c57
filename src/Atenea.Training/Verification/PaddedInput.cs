using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>
/// A padded batch of a reference dump and its flat counterpart. What the engine computes for flat tokens is put back into the padded shape,
/// with zeros where the mask is zero.
/// </summary>
internal sealed class PaddedInput
{
    private readonly int[] _cells; // cell of each flat token in the padded [sequences, length] grid
    private readonly long[] _outer; // [sequences], or [questions, choices]

    private PaddedInput(InputBatch batch, int[] cells, int padded, long[] shape)
    {
        Batch = batch;
        _cells = cells;
        _outer = shape[..^1];
        Length = (int)shape[^1];
        Cells = padded;
        Sequences = padded / Length;
    }

    /// <summary>The flat batch.</summary>
    public InputBatch Batch { get; }

    /// <summary>Number of sequences.</summary>
    public int Sequences { get; }

    /// <summary>Padded length.</summary>
    public int Length { get; }

    /// <summary>Number of cells of the padded grid, padding included.</summary>
    public int Cells { get; }

    /// <summary>
    /// Reads <c>PREFIX.input_ids</c>, <c>PREFIX.attention_mask</c> and <c>PREFIX.token_type_ids</c> (all [sequences, length] or [questions,
    /// choices, length]; the last two may be absent).
    /// </summary>
    /// <exception cref="AteneaException">Shapes disagree, or a sequence has no token (ATN0508); ids that are missing or no integers
    /// (ATN04xx).</exception>
    /// <param name="file">The dump.</param>
    /// <param name="prefix">What the names begin with.</param>
    /// <param name="batch">An empty batch, which receives the sequences.</param>
    public static PaddedInput Read(SafeTensorsFile file, string prefix, InputBatch batch)
    {
        string idsName = $"{prefix}.input_ids";
        SafeTensorInfo info = file.Info(idsName);
        if (info.Shape.Length is not (2 or 3) || info.ElementCount == 0)
        {
            throw new AteneaException(Catalogue.VerificationCaseInvalid,
                $"{idsName} is {info}, expected [sequences, length] or [questions, choices, length]", file.Path);
        }

        long[] ids = file.ReadInt64(idsName);
        long[]? mask = Optional(file, $"{prefix}.attention_mask", ids.Length);
        long[]? types = Optional(file, $"{prefix}.token_type_ids", ids.Length);
        int length = (int)info.Shape[^1];
        int sequences = ids.Length / length;

        var cells = new List<int>();
        var rowIds = new List<int>();
        var rowTypes = new List<int>();
        for (int s = 0; s < sequences; s++)
        {
            rowIds.Clear();
            rowTypes.Clear();
            for (int cell = s * length; cell < (s + 1) * length; cell++)
            {
                if (mask is not null && mask[cell] == 0) continue;
                cells.Add(cell);
                rowIds.Add(checked((int)ids[cell]));
                rowTypes.Add(types is null ? 0 : checked((int)types[cell]));
            }

            if (rowIds.Count == 0) throw new AteneaException(Catalogue.VerificationCaseInvalid, $"sequence {s} has no token", file.Path);
            // Models count places from the left edge, padding included.
            batch.Add([.. rowIds], [.. rowTypes], firstPosition: cells[^rowIds.Count] - (s * length));
        }

        return new PaddedInput(batch, [.. cells], ids.Length, info.Shape);
    }

    /// <summary>An output in the dump's own shape.</summary>
    public ComputedTensor Pad(ModelOutput output)
    {
        if (output.Granularity == Granularity.Token)
        {
            if (output.Column < 0) return Pad(output.Name, output.Values.ToArray(), output.Values.Columns);
            TensorValues values = output.Values.Read();
            float[] column = [.. Enumerable.Range(0, values.Rows).Select(row => values.Row(row)[output.Column])];
            ComputedTensor padded = Pad(output.Name, column, 1);
            return padded with { Shape = [Sequences, Length] };
        }

        long[] shape = output.Granularity == Granularity.Question ? _outer : [Sequences, output.Values.Columns];
        return new ComputedTensor(output.Name, shape, output.Values.ToArray());
    }

    /// <summary>Flat [tokens, features] -> padded [sequences, length, features].</summary>
    public ComputedTensor Pad(string name, ReadOnlySpan<float> flat, int features)
    {
        var values = new float[Cells * features];
        var valid = new bool[values.Length];
        for (int token = 0; token < _cells.Length; token++)
        {
            flat.Slice(token * features, features).CopyTo(values.AsSpan(_cells[token] * features));
            valid.AsSpan(_cells[token] * features, features).Fill(true);
        }

        return new ComputedTensor(name, [Sequences, Length, features], values, valid);
    }

    /// <summary>Padded [sequences, length, features] -> flat [tokens, features].</summary>
    public T[] Flatten<T>(ReadOnlySpan<T> padded, int features)
    {
        var flat = new T[_cells.Length * features];
        for (int token = 0; token < _cells.Length; token++)
            padded.Slice(_cells[token] * features, features).CopyTo(flat.AsSpan(token * features));
        return flat;
    }

    /// <summary>
    /// Attention probabilities -> padded [sequences, heads, query, key]. Rows of padded queries mean nothing; in the others a padded key
    /// has probability 0, and is compared.
    /// </summary>
    public ComputedTensor PadAttention(string name, AttentionCapture attention)
    {
        int heads = attention.Heads;
        var values = new float[Sequences * heads * Length * Length];
        var valid = new bool[values.Length];
        ReadOnlySpan<int> offsets = Batch.Offsets;
        float[] all = attention.Probabilities.ToArray();
        for (int s = 0; s < Sequences; s++)
        {
            ReadOnlySpan<float> probabilities = all.AsSpan(attention.RangeOf(s));
            int first = offsets[s];
            int tokens = attention.Keys(s);
            for (int row = 0; row < heads * tokens; row++)
            {
                (int head, int query) = Math.DivRem(row, tokens);
                int start = ((((s * heads) + head) * Length) + Column(s, first + query)) * Length;
                valid.AsSpan(start, Length).Fill(true);
                for (int key = 0; key < tokens; key++) values[start + Column(s, first + key)] = probabilities[(row * tokens) + key];
            }
        }

        return new ComputedTensor(name, [Sequences, heads, Length, Length], values, valid);
    }

    /// <summary>Padded column of a flat token.</summary>
    private int Column(int sequence, int token) => _cells[token] - (sequence * Length);

    private static long[]? Optional(SafeTensorsFile file, string name, int expected)
    {
        if (!file.Tensors.TryGetValue(name, out SafeTensorInfo? info)) return null;
        if (info.ElementCount != expected)
        {
            throw new AteneaException(Catalogue.VerificationCaseInvalid, $"{name} has {info.ElementCount} elements, the ids {expected}",
                file.Path);
        }

        return file.ReadInt64(name);
    }
}
