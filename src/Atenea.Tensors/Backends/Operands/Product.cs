namespace Atenea.Tensors;

/// <summary>C = f(A B + bias), or C += A B. A [rows, depth], B [depth, columns], C [rows, columns].</summary>
internal struct Product
{
    /// <summary>[rows, depth], either orientation in memory.</summary>
    public Matrix A;

    /// <summary>[depth, columns], either orientation in memory.</summary>
    public Matrix B;

    /// <summary>B as <see cref="Backend.Pack"/> laid it out, or none: it is then brought into that form within the call.</summary>
    public DeviceBuffer PackedB;

    /// <summary>[rows, columns], columns side by side.</summary>
    public Matrix C;

    /// <summary>Add to C instead of overwriting it. Not together with a bias or an activation.</summary>
    public bool Accumulate;

    /// <summary>[columns], or none.</summary>
    public DeviceBuffer Bias;

    /// <summary>Applied after the bias.</summary>
    public Activation Activation;

    /// <summary>Where to keep the values before the activation, laid out like C; none where no backward pass follows.</summary>
    public DeviceBuffer PreActivation;
}
