namespace Atenea.Training.Tests;

public class FixedPointTests
{
    // Expected values: Python's format(value, ".<digits>f").
    [Theory]
    [InlineData(0.125, 2, "0.12")]
    [InlineData(0.375, 2, "0.38")]
    [InlineData(0.285, 2, "0.28")]
    [InlineData(0.28500000000000003, 2, "0.29")]
    [InlineData(1, 4, "1.0000")]
    [InlineData(-2.5, 0, "-2")]
    [InlineData(1234567.5, 1, "1234567.5")]
    [InlineData(5e-324, 3, "0.000")]
    [InlineData(double.NaN, 2, "nan")]
    [InlineData(double.NegativeInfinity, 2, "-inf")]
    public void Numbers_round_as_in_C(double value, int digits, string expected) =>
        Assert.Equal(expected, FixedPoint.Format(value, digits));
}
