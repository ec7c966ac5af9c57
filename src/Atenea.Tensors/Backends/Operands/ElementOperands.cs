namespace Atenea.Tensors;

/// <summary>y (+)= factor * x, element by element; both [length]. Rounded once.</summary>
internal struct Scaling
{
    public long Length;
    public DeviceBuffer X;
    public float Factor;
    public GradientShare Y;
}

/// <summary>y = a + b, element by element; all [length].</summary>
internal struct Sum
{
    public long Length;
    public DeviceBuffer A;
    public DeviceBuffer B;
    public DeviceBuffer Y;
}

/// <summary>y (+)= x, matrices of one shape anywhere in memory, both with their columns side by side.</summary>
internal struct MatrixCopy
{
    public Matrix X;
    public Matrix Y;
    public bool Accumulate;
}

/// <summary>y (+)= x * mask, element by element; both [length]. The mask follows from the key: see <see cref="DropoutMask{T}"/>.</summary>
internal struct Dropping
{
    public long Length;
    public DropoutKey Key;
    public DeviceBuffer X;
    public GradientShare Y;
}

/// <summary>
/// g' = scale * g; m += (1 - b1)(g' - m); v = b2 v + (1 - b2) g'^2; p -= step size * m / (sqrt(v) * root factor + epsilon) + decay * p, the
/// two subtracted together. All [length].
/// </summary>
internal struct AdamWUpdate
{
    public long Length;
    public DeviceBuffer P;
    public DeviceBuffer G;
    public DeviceBuffer M;
    public DeviceBuffer V;
    public float GradientScale;
    public float Decay; // learning rate * weight decay
    public float Blend1; // 1 - b1
    public float Beta2;
    public float Blend2; // 1 - b2
    public float RootFactor; // 1 / sqrt(1 - b2^t)
    public float Epsilon;
    public float StepSize; // learning rate / (1 - b1^t)
}

/// <summary>sum = sum of x^2 in double precision; x [length].</summary>
internal struct SquaredSum
{
    public long Length;
    public DeviceBuffer X;
    public DeviceBuffer Sum; // one double
}
