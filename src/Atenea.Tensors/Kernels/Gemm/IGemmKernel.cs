namespace Atenea.Tensors;

/// <summary>The register tile of one instruction set, the innermost part of every matrix product.</summary>
internal unsafe interface IGemmKernel
{
    /// <summary>Rows of the largest register tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of a register tile, the width of a packed panel.</summary>
    static abstract int Columns { get; }

    /// <summary>
    /// C tile = A rows * B panel over one block of the inner dimension, added to C when <paramref name="accumulate"/>.
    /// Every element is one chain of fused multiply-adds from zero, in the order of the inner dimension.
    /// </summary>
    /// <param name="rows">Rows of the tile, any number.</param>
    /// <param name="depth">Length of the block of the inner dimension.</param>
    /// <param name="a">First element of A.</param>
    /// <param name="rowStride">Floats from one row of A to the next.</param>
    /// <param name="depthStride">Floats from one inner index of A to the next.</param>
    /// <param name="b">Panel of B: [depth][Columns].</param>
    /// <param name="c">First element of C.</param>
    /// <param name="cStride">Floats from one row of C to the next.</param>
    /// <param name="accumulate">Add to C instead of overwriting it.</param>
    static abstract void Multiply(int rows, int depth, float* a, nint rowStride, nint depthStride, float* b, float* c, nint cStride, bool accumulate);
}
