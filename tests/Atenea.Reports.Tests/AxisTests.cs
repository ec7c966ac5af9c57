namespace Atenea.Reports.Tests;

public class AxisTests
{
    [Theory]
    [InlineData(0, 1, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.31, 1.27, "0.2 0.4 0.6 0.8 1.0 1.2 1.4")]
    [InlineData(0.7872, 0.8067, "0.785 0.790 0.795 0.800 0.805 0.810")]
    [InlineData(-3, 7, "-4 -2 0 2 4 6 8")]
    [InlineData(0, 12000, "0 2 000 4 000 6 000 8 000 10 000 12 000")]
    public void Ticks_are_round_numbers_that_cover_the_values(double minimum, double maximum, string expected)
    {
        Axis axis = Axis.Covering(minimum, maximum);
        Assert.Equal(expected, string.Join(' ', axis.Ticks.Select(axis.Label)));
        Assert.True(axis.Minimum <= minimum && axis.Maximum >= maximum);
        Assert.InRange(axis.Share(minimum), 0, 1);
    }

    [Fact]
    public void A_single_value_gets_room_around_it()
    {
        Axis axis = Axis.Covering(0.5, 0.5);
        Assert.True(axis.Minimum < 0.5 && axis.Maximum > 0.5);
        Assert.InRange(Axis.Covering(0, 0).Ticks.Count, 2, 12);
    }

    [Fact]
    public void Whole_ticks_stay_whole()
    {
        Axis axis = Axis.Covering(1, 3, 8, whole: true);
        Assert.Equal(["1", "2", "3"], axis.Ticks.Select(axis.Label));
    }
}
