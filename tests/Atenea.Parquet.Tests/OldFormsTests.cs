using System.Text;
using Atenea.Errors;
using static Atenea.Parquet.Tests.FileBuilder;

namespace Atenea.Parquet.Tests;

/// <summary>
/// What old writers wrote: lists of two levels, repeated fields without a list, bit-packed levels, maps by their old name.
/// </summary>
public class OldFormsTests
{
    private const int Required = 0, Optional = 1, Repeated = 2;
    private const int ConvertedText = 0, ConvertedMap = 1, ConvertedKeyValue = 2, ConvertedList = 3;

    private static readonly Element RequiredList = new("l", Required, Children: 1, Converted: ConvertedList);

    // Two rows: the list [1, 2] and an empty one; levels as runs with their lengths in front.
    private static readonly byte[] TwoLevelPage =
    [
        6, 0, 0, 0, 2, 0, 2, 1, 2, 0, // repetition 0, 1, 0
        4, 0, 0, 0, 4, 1, 2, 0, // definition 1, 1, 0 for a required list
        1, 0, 0, 0, 2, 0, 0, 0,
    ];

    [Theory]
    [InlineData("array")] // a repeated column is the element
    [InlineData("element")]
    public void Lists_of_two_levels(string name)
    {
        byte[] file = Build(
            [new("root", Children: 1), RequiredList, new(name, Repeated, PhysicalType.Int32)],
            2, new Chunk(PhysicalType.Int32, 3, TwoLevelPage));
        Assert.Equal("{\"l\": [1, 2]}\n{\"l\": []}\n", Rows(file, "l: list<item: int32>"));
    }

    [Theory]
    [InlineData("array", "struct<x: int32>", "{\"x\": 1}, {\"x\": 2}")]
    [InlineData("l_tuple", "struct<x: int32>", "{\"x\": 1}, {\"x\": 2}")]
    [InlineData("list", "int32", "1, 2")] // the present form
    [InlineData("bag", "int32", "1, 2")] // Hive's name for it
    public void A_group_of_one_is_the_element_by_its_name(string name, string type, string expected)
    {
        byte[] file = Build(
            [new("root", Children: 1), RequiredList, new(name, Repeated, Children: 1), new("x", Required, PhysicalType.Int32)],
            2, new Chunk(PhysicalType.Int32, 3, TwoLevelPage));
        Assert.Equal($"{{\"l\": [{expected}]}}\n{{\"l\": []}}\n", Rows(file, $"l: list<item: {type}>"));
    }

    [Fact]
    public void A_repeated_column_is_a_list()
    {
        byte[] file = Build(
            [new("root", Children: 1), new("n", Repeated, PhysicalType.Int32)], 2, new Chunk(PhysicalType.Int32, 3, TwoLevelPage));
        Assert.Equal("{\"n\": [1, 2]}\n{\"n\": []}\n", Rows(file, "n: list<item: int32>"));
    }

    [Fact]
    public void A_repeated_group_of_two_columns_is_a_list_of_structures_that_must_agree()
    {
        Element[] schema =
        [
            new("root", Children: 1), new("p", Repeated, Children: 2), new("a", Required, PhysicalType.Int32),
            new("b", Required, PhysicalType.Int32),
        ];
        var good = new Chunk(PhysicalType.Int32, 3, TwoLevelPage);
        Assert.Equal(
            "{\"p\": [{\"a\": 1, \"b\": 1}, {\"a\": 2, \"b\": 2}]}\n{\"p\": []}\n",
            Rows(Build(schema, 2, good, good), "p: list<item: struct<a: int32, b: int32>>"));
        byte[] other = [6, 0, 0, 0, 4, 0, 2, 1, 0, 0, 4, 0, 0, 0, 2, 0, 4, 1, 1, 0, 0, 0, 2, 0, 0, 0]; // [] and [1, 2]
        byte[] file = Build(schema, 2, good, new Chunk(PhysicalType.Int32, 3, other));
        AteneaException error = Assert.Throws<AteneaException>(() => Rows(file, null));
        Assert.Equal(Catalogue.ParquetCountsDiffer, error.Code);
    }

    [Theory]
    [InlineData(ConvertedMap)]
    [InlineData(ConvertedKeyValue)]
    public void Maps_by_both_names(int converted)
    {
        byte[] keys = [6, 0, 0, 0, 2, 0, 2, 1, 2, 0, 4, 0, 0, 0, 4, 1, 2, 0, 1, 0, 0, 0, (byte)'a', 1, 0, 0, 0, (byte)'b'];
        byte[] file = Build(
            [
                new("root", Children: 1), new("m", Required, Children: 1, Converted: converted), new("map", Repeated, Children: 2),
                new("key", Required, PhysicalType.ByteArray, Converted: ConvertedText), new("value", Required, PhysicalType.Int32),
            ], 2, new Chunk(PhysicalType.ByteArray, 3, keys), new Chunk(PhysicalType.Int32, 3, TwoLevelPage));
        Assert.Equal("{\"m\": [[\"a\", 1], [\"b\", 2]]}\n{\"m\": []}\n", Rows(file, "m: map<string, int32>"));
    }

    [Fact]
    public void Bit_packed_levels_fill_bytes_from_the_top()
    {
        byte[] page = [0b0100_0000, 0b1100_0000, 1, 0, 0, 0, 2, 0, 0, 0];
        byte[] file = Build([new("root", Children: 1), new("n", Repeated, PhysicalType.Int32)], 2,
            new Chunk(PhysicalType.Int32, 3, page, DefinitionEncoding: 4, RepetitionEncoding: 4));
        Assert.Equal("{\"n\": [1, 2]}\n{\"n\": []}\n", Rows(file, null));
    }

    [Theory]
    // The first row goes on with one before it.
    [InlineData(new byte[] { 6, 0, 0, 0, 2, 1, 2, 1, 2, 0, 4, 0, 0, 0, 4, 1, 2, 0, 1, 0, 0, 0, 2, 0, 0, 0 })]
    // An empty list goes on.
    [InlineData(new byte[] { 6, 0, 0, 0, 2, 0, 2, 0, 2, 1, 4, 0, 0, 0, 4, 1, 2, 0, 1, 0, 0, 0, 2, 0, 0, 0 })]
    // A row too few.
    [InlineData(new byte[] { 6, 0, 0, 0, 2, 0, 2, 1, 2, 1, 4, 0, 0, 0, 4, 1, 2, 1, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0 })]
    public void Levels_that_make_no_sense_are_refused(byte[] page)
    {
        byte[] file = Build([new("root", Children: 1), new("n", Repeated, PhysicalType.Int32)], 2, new Chunk(PhysicalType.Int32, 3, page));
        Assert.Throws<AteneaException>(() => Rows(file, null));
    }

    [Fact]
    public void A_list_that_never_ends_is_refused_in_bounded_memory()
    {
        // One row of two thousand million nulls: a dozen bytes of levels.
        byte[] page = [8, 0, 0, 0, 2, 0, 0xFC, 0xFF, 0xFF, 0xFF, 0x0F, 1, 6, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 1];
        byte[] file = Build(
            [new("root", Children: 1), RequiredList, new("list", Repeated, Children: 1), new("x", Optional, PhysicalType.Int32)],
            1, new Chunk(PhysicalType.Int32, int.MaxValue, page));
        long before = GC.GetAllocatedBytesForCurrentThread();
        AteneaException error = Assert.Throws<AteneaException>(() => Rows(file, null));
        Assert.Equal(Catalogue.ParquetRowTooLarge, error.Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 << 20);
    }

    private static string Rows(byte[] content, string? type)
    {
        using ParquetFile file = ParquetFile.Open("built", content);
        if (type is not null) Assert.Equal(type, file.Fields[0].ToString());
        using var output = new MemoryStream();
        JsonLines.Write(file, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
