using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The table of distance vectors that the blocks of a DeBERTa share (He et al. 2021, section 3.1). Only the rows that the batch's longest
/// sequence can reach are looked up, so only they are normalised and projected.
/// </summary>
internal sealed class RelativeEmbeddings
{
    private readonly RelativePositions _positions;
    private readonly EmbeddingTable _table;
    private readonly LayerNormLayer? _norm;
    private readonly int[] _rows;
    private readonly float _dropout;

    /// <summary>Builds the table.</summary>
    /// <param name="scope">Where the table's <c>weight</c> is registered.</param>
    /// <param name="norm">Place of a norm over the table's rows; null for none.</param>
    /// <param name="positions">The row for a distance.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="settings">Length of a row, dropout, epsilon.</param>
    public RelativeEmbeddings(ParameterScope scope, ParameterScope? norm, RelativePositions positions, int rows, EncoderSettings settings)
    {
        _table = new EmbeddingTable(scope, rows, settings.HiddenSize);
        if (norm is { } place) _norm = new LayerNormLayer(place, settings.HiddenSize, settings.Epsilon);
        _positions = positions;
        _rows = [.. Enumerable.Range(0, rows)];
        _dropout = settings.HiddenDropout;
    }

    /// <summary>
    /// The terms of disentangled attention for a batch: keys and queries of the distances within it, made by one block's layers. Dropout
    /// is drawn for every block.
    /// </summary>
    /// <param name="pass">The pass; the longest sequence of its batch decides which rows there are.</param>
    /// <param name="keys">Makes the distances' keys ("content to position"); null for no such term.</param>
    /// <param name="queries">Makes the distances' queries ("position to content"); null for no such term.</param>
    public RelativeTerms Terms(ForwardPass pass, LinearLayer? keys, LinearLayer? queries)
    {
        if (keys is null && queries is null) return default;
        Tape tape = pass.Tape;
        (int first, int last) = _positions.RowsOf(pass.Batch.LongestSequence);
        Tensor rows = _table.Forward(pass, _rows.AsMemory(first, last - first + 1));
        if (_norm is not null)
        {
            Tensor normed = _norm.Forward(pass, rows);
            tape.Release(rows);
            rows = normed;
        }

        rows = tape.Dropout(rows, _dropout);
        var terms = new RelativeTerms(_positions)
        {
            Keys = keys?.Forward(pass, rows) ?? default,
            Queries = queries?.Forward(pass, rows) ?? default,
            FirstRow = first,
        };
        tape.Release(rows);
        return terms;
    }
}
