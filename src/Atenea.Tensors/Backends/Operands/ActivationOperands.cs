namespace Atenea.Tensors;

/// <summary>y = f(x), element by element; both [length].</summary>
internal struct ActivationForward
{
    public Activation F;
    public long Length;
    public DeviceBuffer X;
    public DeviceBuffer Y;
}

/// <summary>dx (+)= f'(x) dy, element by element; all [length]. dx may be dy's memory.</summary>
internal struct ActivationBackward
{
    public Activation F;
    public long Length;
    public DeviceBuffer X;
    public DeviceBuffer OutputGradient;
    public GradientShare InputGradient;
}

/// <summary>y = f(gate) * up, over rows [gate, up] whose halves lie side by side: x [rows, 2 columns], y [rows, columns].</summary>
internal struct GatedActivationForward
{
    public Activation F;
    public int Rows;
    public int Columns;
    public DeviceBuffer X;
    public DeviceBuffer Y;
}

/// <summary>dgate (+)= dy * up * f'(gate), dup (+)= dy * f(gate); x and dx [rows, 2 columns], dy [rows, columns].</summary>
internal struct GatedActivationBackward
{
    public Activation F;
    public int Rows;
    public int Columns;
    public DeviceBuffer X;
    public DeviceBuffer OutputGradient;
    public GradientShare InputGradient;
}
