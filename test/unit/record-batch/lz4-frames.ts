/**
 * LZ4 frames of `sample(70_000)` in blocks of 64 KiB, written by the reference implementation (liblz4 1.9.4 through
 * python-lz4): the kinds that the codecs under test do not write themselves. The last two declare a content size of
 * 69,999 and of 2^40 bytes, with a right header checksum.
 */
export const lz4Frames = {
  linkedBlocks: decode(
    "BCJNGEBAwEgCAAC/YWJlamZkZGZqZWILAGK/Z2tmY2JjZmtnZWULAGK/bGhmZmhsZ2RjZGcLAGK/ZWRlaG1pZ2dpbWgLAGK/aGpu" +
      "aWZlZmluamgLAGIPfgJrL2ZqfgJrL2tnfgJrL2RjfgJrL2dpfgJrL2lufgJrL2VifgJrL2VlfgJrL2RnfgJrL21ofgJrL2pofgJr" +
      "L2FifgJrL2drfgJrL2xofgJrL2VkfgJrL2hqfgJrL2VqfgJrL2ZjfgJrL2ZmfgJrL2VofgJrP25pYoEMbB9lgQxsH2eBDGwfaIEM" +
      "bB9ogQxsD/8ObB9m/w5sH2v/DmwfZP8ObB9n/w5sH2n/DmwfZf8ObB9l/w5sH2T/Dmwfbf8ObB9q/w5sH2H/DmwfZ/8ObB9s/w5s" +
      "H2X/DmwfaP8ObB9l/w5sH2b/DmwfZv8ObB9l/w5sH27/DmwfZv8ObB9i/w5sH2j/Dmwfbf8ObB9mgBv/////////////////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "////////////////////////////////////////////////////////////////////////////////////TVBnZWVnaxsAAAAP" +
      "gBv//////////////////////2lQZmtnZWUAAAAA",
  ),
  blockChecksums: decode(
    "BCJNGHBArUgCAAC/YWJlamZkZGZqZWILAGK/Z2tmY2JjZmtnZWULAGK/bGhmZmhsZ2RjZGcLAGK/ZWRlaG1pZ2dpbWgLAGK/aGpu" +
      "aWZlZmluamgLAGIPfgJrL2ZqfgJrL2tnfgJrL2RjfgJrL2dpfgJrL2lufgJrL2VifgJrL2VlfgJrL2RnfgJrL21ofgJrL2pofgJr" +
      "L2FifgJrL2drfgJrL2xofgJrL2VkfgJrL2hqfgJrL2VqfgJrL2ZjfgJrL2ZmfgJrL2VofgJrP25pYoEMbB9lgQxsH2eBDGwfaIEM" +
      "bB9ogQxsD/8ObB9m/w5sH2v/DmwfZP8ObB9n/w5sH2n/DmwfZf8ObB9l/w5sH2T/Dmwfbf8ObB9q/w5sH2H/DmwfZ/8ObB9s/w5s" +
      "H2X/DmwfaP8ObB9l/w5sH2b/DmwfZv8ObB9l/w5sH27/DmwfZv8ObB9i/w5sH2j/Dmwfbf8ObB9mgBv/////////////////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "////////////////////////////////////////////////////////////////////////////////////TVBnZWVnayGHGoL6" +
      "AAAAv2dkY2RnbGhmZmhsCwBiv2dnaW1oZWRlaG1pCwBiv2ZpbmpoaGpuaWZlCwBiv2plYmFiZWpmZGRmCwBiv2dlZWdrZmNiY2Zr" +
      "CwBiD34Cay9mZn4Cay9laH4Cay9uaX4Cay9mZH4Cay9iY34Cay9obH4Cay9taX4Cay9mZX4Cay9kZn4Cay9ma34Cay9nZH4Cay9n" +
      "Z34Cay9maX4Cay9qZX4Cay9nZX4Cay9jZH4Cay9pbX4Cay9uan4Cay9iYX4Caz9lZ2yBDGwfaYEMbB9lgQxsH2aBDGwfa4EMbA//" +
      "DmwfZv8ObB9l/w5sH27/DmwfZnMCWFBma2dlZW6vpbEAAAAA",
  ),
  contentSizeAndChecksum: decode(
    "BCJNGGxAcBEBAAAAAAA3SAIAAL9hYmVqZmRkZmplYgsAYr9na2ZjYmNma2dlZQsAYr9saGZmaGxnZGNkZwsAYr9lZGVobWlnZ2lt" +
      "aAsAYr9oam5pZmVmaW5qaAsAYg9+AmsvZmp+Amsva2d+AmsvZGN+AmsvZ2l+AmsvaW5+AmsvZWJ+AmsvZWV+AmsvZGd+AmsvbWh+" +
      "Amsvamh+AmsvYWJ+AmsvZ2t+AmsvbGh+AmsvZWR+AmsvaGp+AmsvZWp+AmsvZmN+AmsvZmZ+AmsvZWh+Ams/bmligQxsH2WBDGwf" +
      "Z4EMbB9ogQxsH2iBDGwP/w5sH2b/Dmwfa/8ObB9k/w5sH2f/Dmwfaf8ObB9l/w5sH2X/DmwfZP8ObB9t/w5sH2r/DmwfYf8ObB9n" +
      "/w5sH2z/DmwfZf8ObB9o/w5sH2X/DmwfZv8ObB9m/w5sH2X/Dmwfbv8ObB9m/w5sH2L/DmwfaP8ObB9t/w5sH2aAG///////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "//////////////////////////////////////////////////////////////////////////////////////////////9NUGdl" +
      "ZWdr+gAAAL9nZGNkZ2xoZmZobAsAYr9nZ2ltaGVkZWhtaQsAYr9maW5qaGhqbmlmZQsAYr9qZWJhYmVqZmRkZgsAYr9nZWVna2Zj" +
      "YmNmawsAYg9+AmsvZmZ+AmsvZWh+Amsvbml+AmsvZmR+AmsvYmN+AmsvaGx+AmsvbWl+AmsvZmV+AmsvZGZ+AmsvZmt+AmsvZ2R+" +
      "AmsvZ2d+AmsvZml+AmsvamV+AmsvZ2V+AmsvY2R+AmsvaW1+Amsvbmp+AmsvYmF+Ams/ZWdsgQxsH2mBDGwfZYEMbB9mgQxsH2uB" +
      "DGwP/w5sH2b/DmwfZf8ObB9u/w5sH2ZzAlhQZmtnZWUAAAAAWId/dQ==",
  ),
  everything: decode(
    "BCJNGFxAcBEBAAAAAADjSAIAAL9hYmVqZmRkZmplYgsAYr9na2ZjYmNma2dlZQsAYr9saGZmaGxnZGNkZwsAYr9lZGVobWlnZ2lt" +
      "aAsAYr9oam5pZmVmaW5qaAsAYg9+AmsvZmp+Amsva2d+AmsvZGN+AmsvZ2l+AmsvaW5+AmsvZWJ+AmsvZWV+AmsvZGd+AmsvbWh+" +
      "Amsvamh+AmsvYWJ+AmsvZ2t+AmsvbGh+AmsvZWR+AmsvaGp+AmsvZWp+AmsvZmN+AmsvZmZ+AmsvZWh+Ams/bmligQxsH2WBDGwf" +
      "Z4EMbB9ogQxsH2iBDGwP/w5sH2b/Dmwfa/8ObB9k/w5sH2f/Dmwfaf8ObB9l/w5sH2X/DmwfZP8ObB9t/w5sH2r/DmwfYf8ObB9n" +
      "/w5sH2z/DmwfZf8ObB9o/w5sH2X/DmwfZv8ObB9m/w5sH2X/Dmwfbv8ObB9m/w5sH2L/DmwfaP8ObB9t/w5sH2aAG///////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "//////////////////////////////////////////////////////////////////////////////////////////////9NUGdl" +
      "ZWdrIYcaghsAAAAPgBv//////////////////////2lQZmtnZWVuZB2NAAAAAFiHf3U=",
  ),
  wrongContentSize: decode(
    "BCJNGGxAbxEBAAAAAABhSAIAAL9hYmVqZmRkZmplYgsAYr9na2ZjYmNma2dlZQsAYr9saGZmaGxnZGNkZwsAYr9lZGVobWlnZ2lt" +
      "aAsAYr9oam5pZmVmaW5qaAsAYg9+AmsvZmp+Amsva2d+AmsvZGN+AmsvZ2l+AmsvaW5+AmsvZWJ+AmsvZWV+AmsvZGd+AmsvbWh+" +
      "Amsvamh+AmsvYWJ+AmsvZ2t+AmsvbGh+AmsvZWR+AmsvaGp+AmsvZWp+AmsvZmN+AmsvZmZ+AmsvZWh+Ams/bmligQxsH2WBDGwf" +
      "Z4EMbB9ogQxsH2iBDGwP/w5sH2b/Dmwfa/8ObB9k/w5sH2f/Dmwfaf8ObB9l/w5sH2X/DmwfZP8ObB9t/w5sH2r/DmwfYf8ObB9n" +
      "/w5sH2z/DmwfZf8ObB9o/w5sH2X/DmwfZv8ObB9m/w5sH2X/Dmwfbv8ObB9m/w5sH2L/DmwfaP8ObB9t/w5sH2aAG///////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "//////////////////////////////////////////////////////////////////////////////////////////////9NUGdl" +
      "ZWdr+gAAAL9nZGNkZ2xoZmZobAsAYr9nZ2ltaGVkZWhtaQsAYr9maW5qaGhqbmlmZQsAYr9qZWJhYmVqZmRkZgsAYr9nZWVna2Zj" +
      "YmNmawsAYg9+AmsvZmZ+AmsvZWh+Amsvbml+AmsvZmR+AmsvYmN+AmsvaGx+AmsvbWl+AmsvZmV+AmsvZGZ+AmsvZmt+AmsvZ2R+" +
      "AmsvZ2d+AmsvZml+AmsvamV+AmsvZ2V+AmsvY2R+AmsvaW1+Amsvbmp+AmsvYmF+Ams/ZWdsgQxsH2mBDGwfZYEMbB9mgQxsH2uB" +
      "DGwP/w5sH2b/DmwfZf8ObB9u/w5sH2ZzAlhQZmtnZWUAAAAAWId/dQ==",
  ),
  hugeContentSize: decode(
    "BCJNGGxAAAAAAAABAADNSAIAAL9hYmVqZmRkZmplYgsAYr9na2ZjYmNma2dlZQsAYr9saGZmaGxnZGNkZwsAYr9lZGVobWlnZ2lt" +
      "aAsAYr9oam5pZmVmaW5qaAsAYg9+AmsvZmp+Amsva2d+AmsvZGN+AmsvZ2l+AmsvaW5+AmsvZWJ+AmsvZWV+AmsvZGd+AmsvbWh+" +
      "Amsvamh+AmsvYWJ+AmsvZ2t+AmsvbGh+AmsvZWR+AmsvaGp+AmsvZWp+AmsvZmN+AmsvZmZ+AmsvZWh+Ams/bmligQxsH2WBDGwf" +
      "Z4EMbB9ogQxsH2iBDGwP/w5sH2b/Dmwfa/8ObB9k/w5sH2f/Dmwfaf8ObB9l/w5sH2X/DmwfZP8ObB9t/w5sH2r/DmwfYf8ObB9n" +
      "/w5sH2z/DmwfZf8ObB9o/w5sH2X/DmwfZv8ObB9m/w5sH2X/Dmwfbv8ObB9m/w5sH2L/DmwfaP8ObB9t/w5sH2aAG///////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "////////////////////////////////////////////////////////////////////////////////////////////////////" +
      "//////////////////////////////////////////////////////////////////////////////////////////////9NUGdl" +
      "ZWdr+gAAAL9nZGNkZ2xoZmZobAsAYr9nZ2ltaGVkZWhtaQsAYr9maW5qaGhqbmlmZQsAYr9qZWJhYmVqZmRkZgsAYr9nZWVna2Zj" +
      "YmNmawsAYg9+AmsvZmZ+AmsvZWh+Amsvbml+AmsvZmR+AmsvYmN+AmsvaGx+AmsvbWl+AmsvZmV+AmsvZGZ+AmsvZmt+AmsvZ2R+" +
      "AmsvZ2d+AmsvZml+AmsvamV+AmsvZ2V+AmsvY2R+AmsvaW1+Amsvbmp+AmsvYmF+Ams/ZWdsgQxsH2mBDGwfZYEMbB9mgQxsH2uB" +
      "DGwP/w5sH2b/DmwfZf8ObB9u/w5sH2ZzAlhQZmtnZWUAAAAAWId/dQ==",
  ),
}

function decode(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"))
}
