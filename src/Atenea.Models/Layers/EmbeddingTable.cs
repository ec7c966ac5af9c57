using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>A table of vectors looked up by id, as <c>nn.Embedding</c>: weight [entries, features].</summary>
public sealed class EmbeddingTable
{
    private readonly EmbeddingAdapter? _adapter;

    /// <summary>Builds the table at <paramref name="scope"/>.</summary>
    /// <param name="scope">Where <c>weight</c> is registered.</param>
    /// <param name="entries">Rows.</param>
    /// <param name="features">Length of a row.</param>
    /// <param name="paddingId">The row that gets no gradient and starts as zeros; null for none.</param>
    public EmbeddingTable(ParameterScope scope, int entries, int features, int? paddingId = null)
    {
        PaddingId = paddingId ?? -1;
        Weight = scope.AddTable("weight", new Initialization(InitializationKind.Normal, PaddingId), entries, features);
        _adapter = scope.EmbeddingAdapter(Weight);
    }

    /// <summary>[entries, features].</summary>
    public Parameter Weight { get; }

    /// <summary>The row without gradient, or -1.</summary>
    public int PaddingId { get; }

    /// <summary>The vectors of ids: [ids, features].</summary>
    public Tensor Forward(ForwardPass pass, ReadOnlyMemory<int> ids) => Adapt(pass, ids, pass.Tape.Embedding([Input(ids)]));

    /// <summary>A look-up as one of several whose vectors are added; <see cref="Adapt"/> must be called with their sum.</summary>
    public EmbeddingInput Input(ReadOnlyMemory<int> ids) => new(Weight, ids, PaddingId);

    /// <summary>What the table's adapter makes of a sum with this table's vectors, [ids, features]; without one the sum itself.</summary>
    public Tensor Adapt(ForwardPass pass, ReadOnlyMemory<int> ids, Tensor sum) =>
        _adapter is null || pass.LeavesAdaptersOut ? sum : _adapter(pass, ids, sum);
}
