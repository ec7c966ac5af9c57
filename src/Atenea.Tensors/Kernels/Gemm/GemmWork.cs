namespace Atenea.Tensors;

/// <summary>
/// How the processor's kernels see a product: C [rows, columns] = A [rows, depth] * B [depth, columns] with B in panels, an optional bias
/// per column and an optional activation. Strides say where A and C lie, so that A may be a transposed matrix and C a part of a wider one.
/// </summary>
internal unsafe struct GemmWork
{
    /// <summary>
    /// Length of a block of the inner dimension. A constant: the blocks' partial sums are added in order, so it is part of the result's
    /// bits.
    /// </summary>
    public const int DepthBlock = 384;

    public int Rows;
    public int Columns;
    public int Depth;

    /// <summary>First element of A; element (i, k) is A[i * RowStride + k * DepthStride].</summary>
    public float* A;
    public nint RowStride;
    public nint DepthStride;

    /// <summary>B in panels, see <see cref="Packing"/>.</summary>
    public float* Panels;

    /// <summary>First element of C, rows CStride floats apart.</summary>
    public float* C;
    public nint CStride;

    /// <summary>Add to C instead of overwriting it. Not together with a bias or an activation.</summary>
    public bool Accumulate;

    /// <summary>One value per column, or null.</summary>
    public float* Bias;

    /// <summary>Applied after the bias.</summary>
    public Activation Activation;

    /// <summary>Where to keep the values before the activation, laid out like C; null where no backward pass follows.</summary>
    public float* PreActivation;

    // How the work is cut; chosen by Gemm and without influence on the result.
    public int RowsPerTask;
    public int PanelsPerTask;
    public int TaskColumns;
}
